// Looks at a page as somebody with weak eyes, a keyboard or a screen reader would; run by the browser tests.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {  // whatever CSS writes, as red, green, blue and opacity
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back, opacity) => back.map((value, i) => front[i] * opacity + value * (1 - opacity));
  const luminance = (rgb) => rgb.map((value) => value / 255)
    .map((value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const layer = colour(getComputedStyle(one).backgroundColor);
      if (layer[3] > 0) layers.unshift(layer);
      if (layer[3] > 0.99) break;
    }
    return layers.reduce((below, layer) => over(layer, below, layer[3]), [255, 255, 255]);
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    const box = element?.getBoundingClientRect();
    if (!text || element instanceof SVGElement || box.width < 2 || box.height < 2) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    let opacity = colour(style.color)[3];
    for (let one = element; one; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
    const below = ground(element);
    const [light, dark] = [luminance(over(colour(style.color), below, opacity)), luminance(below)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (light + 0.05) / (dark + 0.05);  // WCAG 2.2, 1.4.3
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  const controls = [...document.querySelectorAll("button, a[href], input, textarea, select, [role=button], [role=tab]")]
    .filter((one) => one.checkVisibility() && one.getAttribute("aria-hidden") !== "true");
  const named = (one) => one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")
    || one.textContent.trim() || one.title || one.labels?.length;
  return { faint: [...new Set(faint)], nameless: controls.filter((one) => !named(one)).map((one) => one.outerHTML.slice(0, 120)) };
}
