"""What customers can be expected to do, and who is overdue."""
