/** A whole number as rooms write it, thousands apart: `12,327`. */
export const wholeNumber = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
