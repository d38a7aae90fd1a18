"""How segments are looked for, and the evidence for and against them."""
