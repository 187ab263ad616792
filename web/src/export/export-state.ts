import { create } from 'zustand';

interface ExportState {
  readonly open: boolean;
  /** How the table is sorted: what is written down is in the order on screen. Null = its own order. */
  readonly sort: { readonly key: string; readonly descending: boolean } | null;
  setOpen(open: boolean): void;
  setSort(sort: ExportState['sort']): void;
}

export const useExport = create<ExportState>()((set) => ({
  open: false,
  sort: null,
  setOpen: (open) => set({ open }),
  setSort: (sort) => set({ sort }),
}));
