/** Jupyter counts Unicode code points in `cursor_pos`, JavaScript UTF-16 units. Offsets beyond the text mean its end. */
export function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  for (let n = 0; n < codePoints && units < text.length; n++) units += widthAt(text, units);
  return units;
}

export function codePointsOf(text: string, units: number): number {
  let codePoints = 0;
  for (let i = 0; i < Math.min(units, text.length); i += widthAt(text, i)) codePoints++;
  return codePoints;
}

function widthAt(text: string, unit: number): 1 | 2 {
  return text.codePointAt(unit)! > 0xffff ? 2 : 1;
}
