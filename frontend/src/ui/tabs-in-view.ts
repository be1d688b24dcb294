// Tabs that do not fit are scrolled sideways: the one that is open is in view from the start.
for (const tab of document.querySelectorAll<HTMLElement>('.tabs [aria-current="page"]')) {
  const tabs = tab.closest<HTMLElement>('.tabs');
  if (tabs) {
    const left = tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left;
    tabs.scrollLeft += left - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
}
