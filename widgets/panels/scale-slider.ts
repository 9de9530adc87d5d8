// The places of scale factors on a slider, with small factors as far apart as large ones.

/** From slider position 0…100 to scale factor 0.01…1, in round numbers. */
export const scaleOf = (position: number): number => Number((10 ** (-2 + position / 50)).toPrecision(2));

export const positionOf = (scale: number): number => Math.round(50 * (Math.log10(Math.max(0.01, scale)) + 2));
