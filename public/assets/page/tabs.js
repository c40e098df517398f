// Tabs as a keyboard and a screen reader expect them: one stop for the Tab key, arrows between the tabs, panels named by them.

/** Steps from one tab to another, by key. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** Every `role="tab"` of the page, each with its panel in `aria-controls`. Returns a function that selects a tab by its id. */
export function createTabs() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];

  function select(id) {
    for (const tab of tabs) {
      const isSelected = tab.id === id;
      tab.setAttribute('aria-selected', isSelected);
      tab.tabIndex = isSelected ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !isSelected;
    }
  }

  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => select(tab.id));
    tab.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      // The arrows lead round; Home and End do not.
      const next = Number.isFinite(step) ? tabs.at((index + step) % tabs.length) : tabs.at(step < 0 ? 0 : -1);
      select(next.id);
      next.focus();
    });
  }
  return select;
}
