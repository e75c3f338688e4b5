(function () {
  "use strict";
  // An item is opened when something points to it; a sentence takes the focus when it is shown.
  function reveal() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    if (!target) { return; }
    if (target.tagName === "DETAILS") { target.open = true; target.querySelector("summary").focus(); }
    else if (target.hasAttribute("tabindex")) { target.focus({ preventScroll: true }); }
    target.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", reveal);
  addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) { event.preventDefault(); reveal(); }
  });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  reveal();
})();
