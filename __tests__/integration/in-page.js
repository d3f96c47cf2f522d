/**
 * Functions that run inside the page, where there is a document: hence plain JavaScript, whose types
 * are in in-page.d.ts. Each must stand alone, since the browser gets its text.
 */

module.exports = {
  pageWidth,
  collidingLabels,
  cutLabels,
  focusedText,
  foldedParts,
  headingLevels,
  tipStyle,
  faintTexts,
  drawnTasks,
  isFocused,
  leftEdge,
  topAndBottom,
};

function pageWidth() {
  return document.documentElement.scrollWidth;
}

/** Labels of the picture that lie on each other by more than the room around their letters. */
function collidingLabels() {
  const labels = [...document.querySelectorAll('figure svg text')]
    .filter((text) => text.closest('.tip') === null && text.checkVisibility())
    .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  return labels.flatMap((one, i) =>
    labels.slice(i + 1).flatMap((other) => {
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      return across > 2 && down > 4 ? [`${one.text} | ${other.text}`] : [];
    }),
  );
}

/** Labels that reach beyond the picture's frame. */
function cutLabels() {
  return [...document.querySelectorAll('figure')].flatMap((figure) => {
    const frame = figure.getBoundingClientRect();
    return [...figure.querySelectorAll('svg text')]
      .filter((text) => text.closest('.tip') === null && text.checkVisibility())
      .filter((text) => {
        const { left, right, width } = text.getBoundingClientRect();
        return width > 0 && (left < frame.left - 1 || right > frame.right + 1);
      })
      .map((text) => text.textContent);
  });
}

function focusedText() {
  const element = document.activeElement;
  if (element === null || element === document.body) return '';
  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
  return (label ?? element.textContent).trim();
}

function foldedParts() {
  return [...document.querySelectorAll('details')].filter((each) => {
    const inner = [...each.children].find(({ tagName }) => tagName !== 'SUMMARY');
    return inner !== undefined && !inner.checkVisibility();
  }).length;
}

function headingLevels(headings) {
  return headings.map(({ tagName }) => Number(tagName.slice(1)));
}

function tipStyle(element) {
  const { visibility, opacity, display } = getComputedStyle(element);
  return `${visibility} ${opacity} ${display}`;
}

/**
 * Texts whose contrast to the nearest background that is not transparent is below 4.5, or 3 for large
 * ones. Source: WCAG 2.2, success criterion 1.4.3.
 */
function faintTexts() {
  const parse = (text) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d');
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([red, green, blue]) => {
    const linear = (value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const backgroundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    // drawings have their own backgrounds, which only a person can judge
    if (text === '' || element.closest('svg') !== null || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, other] = [luminance(parse(style.color)), luminance(backgroundOf(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) found.push(`${contrast.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return found;
}

/** How many tasks Mermaid draws of a diagram; it throws for what its grammar does not take. */
async function drawnTasks(source) {
  await window.mermaid.parse(source);
  const { svg } = await window.mermaid.render('drawn', source);
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml');
  return drawn.querySelectorAll('rect.task').length;
}

function isFocused(element) {
  return element === document.activeElement;
}

function leftEdge(element) {
  return element.getBoundingClientRect().left;
}

function topAndBottom(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return [top, bottom];
}
