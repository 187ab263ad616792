import { create } from 'zustand';

/** The window of findings; `editing` = id of the one that is being changed. Not in the link. */
export const useFindingsWindow = create<{ readonly open: boolean; readonly editing: string | null }>()(() => ({
  open: false,
  editing: null,
}));

export const openFindings = (): void => useFindingsWindow.setState({ open: true, editing: null });
export const closeFindings = (): void => useFindingsWindow.setState({ open: false, editing: null });
export const editFinding = (editing: string | null): void => useFindingsWindow.setState({ editing });
