/** The element that the shortcut puts the focus into; it comes with the lazily loaded list. */
export const ALERT_LIST_ID = 'alert-list';
