import { create } from 'zustand';

/** Level of the division that a click on the map takes: 1 = the first below the city. */
const useLevel = create<{ readonly level: number }>()(() => ({ level: 1 }));

export const useDivisionLevel = (): number => useLevel((state) => state.level);
export const setDivisionLevel = (level: number): void => useLevel.setState({ level });
export const divisionLevel = (): number => useLevel.getState().level;
