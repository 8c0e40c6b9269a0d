// unfold's global functions, offered to Alpine's CSP build, which evaluates no expressions of its own.
document.addEventListener("alpine:init", () => {
  for (const name of ["theme", "searchForm", "searchDropdown", "searchCommand"]) {
    window.Alpine.data(name, window[name]);
  }
  window.Alpine.data("shell", () => ({
    activeTab: "",
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem("sidebarDesktopOpen") !== "0",
    sortRecords: (event) => window.sortRecords(event),
    moveRecords: (event) => window.moveRecords(event),
    init() {
      this.activeTab = window.getCurrentTab() || this.$el.dataset.tab;
      this.$watch("sidebarDesktopOpen", (open) => localStorage.setItem("sidebarDesktopOpen", open ? "1" : "0"));
    },
    formAction() {
      const page = window.location.pathname + window.location.search;
      return this.activeTab && this.activeTab !== "general" ? `${page}#${this.activeTab}` : page;
    },
  }));
});
