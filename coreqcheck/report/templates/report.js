(function () {
  "use strict";
  // An item is opened when something points to it; a sentence is marked out and takes the focus.
  function reveal() {
    var id = decodeURIComponent(location.hash.slice(1));
    var pieces = id ? document.querySelectorAll('[data-in~="' + CSS.escape(id) + '"]') : [];
    var target = id && (document.getElementById(id) || pieces[0]);
    document.querySelectorAll(".shown").forEach(function (e) { e.classList.remove("shown"); });
    if (!target) { return; }
    pieces.forEach(function (e) { e.classList.add("shown"); });
    if (target.tagName === "DETAILS") {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    } else if (target.hasAttribute("tabindex")) {
      target.focus({ preventScroll: true });
    }
    target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
  }
  addEventListener("hashchange", reveal);
  addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) { event.preventDefault(); reveal(); }
  });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  // The local page shows this report in a frame and offers an answer to the item that is open.
  if (parent !== window) {
    document.querySelectorAll("details.item").forEach(function (d) {
      d.addEventListener("toggle", function () {
        var name = d.querySelector(".number").textContent;
        if (d.open) { parent.postMessage({ item: name }, "*"); }
      });
    });
  }
  reveal();
})();
