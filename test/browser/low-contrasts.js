/* oxlint-disable no-undef, no-unused-expressions -- runs in a page, and its value is the answer */
// Texts whose contrast with the ground behind them is below 4.5, which WCAG 2.2 AA asks for (1.4.3).
(() => {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (channels(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const isText = (node) => node.nodeType === 3 && node.textContent.trim() !== '';
  const found = [...document.querySelectorAll('body *')].filter((element) => [...element.childNodes].some(isText));
  return found.flatMap((element) => {
    const [text, ground] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    return contrast < 4.5 ? [`${element.tagName} ${element.textContent}: ${contrast.toFixed(2)}`] : [];
  });
})();
