/* motcua.js: saves keystrokes; every page is whole without it. No libraries, no eval, no inline parts. */
(function () {
  "use strict";
  var doc = document;
  var OFF = "mc-keys-off";
  var WAIT_MS = 180;
  var REFRESH_MS = 60000;
  var RESEND_MS = 8000;
  var AUTOSAVE_MS = 1500;
  var RETRY_MS = 5000;

  function all(query, root) {
    return Array.prototype.slice.call((root || doc).querySelectorAll(query));
  }
  function one(query, root) {
    return (root || doc).querySelector(query);
  }
  function inField(node) {
    return !!node && (node.isContentEditable || /^(textarea|select)$/i.test(node.tagName) ||
      (/^input$/i.test(node.tagName) && !/^(checkbox|radio|button|submit|file)$/i.test(node.type)));
  }

  /* Errors: focus goes to the summary; its links lead to the first control of the field. */
  var errors = one(".mc-errs");
  if (errors) errors.focus();
  doc.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest(".mc-errs a");
    if (!link) return;
    var field = doc.getElementById(link.hash.slice(1));
    if (!field) return;
    var control = /^(input|select|textarea)$/i.test(field.tagName) ? field : one("input,select,textarea", field);
    if (!control) return;
    event.preventDefault();
    control.scrollIntoView({ block: "center" });
    control.focus();
  });

  /* Bulk: how many are ticked; the bar sticks once something is. */
  function count(form) {
    var boxes = all("td.at-pick input[type=checkbox], input.mc-pick", form);
    var ticked = 0;
    boxes.forEach(function (box) {
      if (box.checked) ticked += 1;
      var row = box.closest("tr");
      if (row) row.classList.toggle("is-picked", box.checked);
    });
    var bar = one(".mc-bulk", form);
    if (!bar) return;
    bar.classList.toggle("is-live", ticked > 0);
    all("[data-picked]", bar).forEach(function (node) { node.textContent = String(ticked); });
  }
  doc.addEventListener("change", function (event) {
    if (event.target.type === "checkbox" && event.target.form) count(event.target.form);
  });
  all(".mc-bulk").forEach(function (bar) {
    var form = bar.closest("form");
    if (form) count(form);
  });

  /* Keys: declared by data-key on the button, link or field itself. They can be switched off. */
  function keyName(event) {
    var key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    return (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey && key.length > 1 ? "Shift+" : "") + key;
  }
  function off() {
    try { return localStorage.getItem(OFF) === "1"; } catch (ignored) { return false; }
  }
  function target(name) {
    return all("[data-key]").filter(function (node) {
      return node.getAttribute("data-key").split(" ").indexOf(name) >= 0 && !node.disabled &&
        node.getClientRects().length > 0;
    })[0];
  }
  function use(node) {
    /* A group is entered at what is chosen; arrows choose another. */
    if (/^fieldset$/i.test(node.tagName)) {
      var chosen = one("input:checked", node) || one("input", node);
      if (chosen) chosen.focus();
      return;
    }
    if (inField(node)) { node.focus(); if (node.select) node.select(); } else node.click();
  }
  function rows() { return all(".mc-rows tbody tr, .mc-queue > li"); }
  function step(by) {
    var list = rows();
    if (!list.length) return false;
    var at = list.indexOf(doc.activeElement && doc.activeElement.closest("tr, li"));
    var next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    var link = one("a", next);
    if (link) { link.focus(); link.scrollIntoView({ block: "nearest" }); }
    return !!link;
  }
  function pick() {
    var row = doc.activeElement && doc.activeElement.closest(".mc-rows tr, .mc-queue li");
    var box = row && one("input[type=checkbox]", row);
    if (box) box.click();
    return !!box;
  }
  function help() {
    var source = doc.getElementById("mc-keys-all");
    if (!source) return false;
    var open = one(".mc-pal[data-help]");
    if (open) { open.remove(); return true; }
    var box = doc.createElement("section");
    box.className = "mc-pal";
    box.setAttribute("data-help", "");
    box.tabIndex = -1;
    box.appendChild(source.content.cloneNode(true));
    var main = doc.getElementById("chinh");
    main.insertBefore(box, main.firstChild);
    box.focus();
    return true;
  }
  function digit(name) {
    var box = /^[1-9]$/.test(name) && one('input[data-digit="' + name + '"]');
    if (box) box.click();
    return !!box;
  }
  doc.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey || event.defaultPrevented) return;
    var name = keyName(event);
    if (name === "Escape") {
      var open = one(".mc-pal[data-help]");
      if (open) open.remove();
      all(".mc-opts[data-live]").forEach(function (node) { node.remove(); });
      return;
    }
    if (name === "Enter" && doc.activeElement !== doc.body) return;
    var plain = name.length === 1;
    if (plain && (inField(event.target) || off())) return;
    var node = target(name);
    var done = true;
    if (node) use(node);
    else if (name === "J") done = step(1);
    else if (name === "K") done = step(-1);
    else if (name === "X") done = pick();
    else if (name === "?") done = help();
    else done = digit(name);
    if (done) event.preventDefault();
  });

  /* Suggestions: a fragment from the server under the field; arrows walk, Enter presses. */
  function suggest(field) {
    var timer = 0;
    var asked = 0;
    var home = field.closest(".mc-field") || field.parentNode;
    function clear() {
      var old = one(".mc-opts[data-live]", home);
      if (old) old.remove();
    }
    function show(html) {
      clear();
      var page = new DOMParser().parseFromString(html, "text/html");
      var list = one(".mc-opts", page);
      if (!list || !list.children.length) return;
      list.setAttribute("data-live", "");
      home.appendChild(doc.adoptNode(list));
    }
    function ask() {
      var mine = asked += 1;
      var text = field.value.trim();
      if (!text) { clear(); return; }
      var address = field.getAttribute("data-suggest");
      address += (address.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(text);
      fetch(address, { headers: { "X-Fragment": "1" }, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) { if (mine === asked) show(html); })
        .catch(clear);
    }
    field.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    home.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      var list = all(".mc-opts[data-live] button, .mc-opts[data-live] a", home);
      if (!list.length) return;
      event.preventDefault();
      var next = list.indexOf(doc.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (list[next] || field).focus();
    });
  }
  all("[data-suggest]").forEach(suggest);

  /* Counts that may grow while the page is open: swapped every minute, focus untouched. */
  function refresh(node) {
    setInterval(function () {
      if (doc.hidden || node.contains(doc.activeElement)) return;
      fetch(node.getAttribute("data-refresh"), { headers: { "X-Fragment": "1" }, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) {
          var page = html && new DOMParser().parseFromString(html, "text/html");
          var fresh = page && one("[data-refresh]", page);
          if (fresh) node.replaceChildren.apply(node, Array.prototype.slice.call(fresh.childNodes));
        })
        .catch(function () { /* the next minute tries again */ });
    }, REFRESH_MS);
  }
  all("[data-refresh]").forEach(refresh);

  /* A form that keeps itself: what is typed or chosen goes to the server after a pause; the parts
     that changed there are put in. A lost line is told and tried again. */
  function autosave(form) {
    var timer = 0;
    var again = false;
    var busy = false;
    function put(page) {
      all("[data-part]", page).forEach(function (fresh) {
        var name = fresh.getAttribute("data-part");
        var old = one('[data-part="' + name + '"]', form);
        if (old && !old.contains(doc.activeElement)) {
          old.replaceChildren.apply(old, Array.prototype.slice.call(fresh.childNodes));
        }
      });
    }
    function failed() {
      var note = one('[data-part="kept"]', form);
      if (note) note.textContent = note.getAttribute("data-failed");
      timer = setTimeout(save, RETRY_MS);
    }
    function save() {
      if (form.hasAttribute("data-sent")) return;
      if (busy) { again = true; return; }
      busy = true;
      var data = new FormData(form);
      var files = all("input[type=file]", form).filter(function (node) { return node.files.length > 0; });
      data.set("lam", form.getAttribute("data-autosave"));
      fetch(form.action, { method: "POST", body: data, credentials: "same-origin" })
        .then(function (answer) {
          if (!answer.ok && answer.status !== 422) throw new Error("not kept");
          return answer.text().then(function (html) {
            var page = new DOMParser().parseFromString(html, "text/html");
            put(page);
            if (answer.ok) files.forEach(function (node) { node.value = ""; });
          });
        })
        .catch(failed)
        .then(function () {
          busy = false;
          if (again) { again = false; save(); }
        });
    }
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(save, AUTOSAVE_MS);
    });
    form.addEventListener("submit", function () { clearTimeout(timer); });
  }
  all("form[data-autosave]").forEach(autosave);

  /* Print. */
  doc.addEventListener("click", function (event) {
    var node = event.target.closest && event.target.closest("[data-print]");
    if (node) { event.preventDefault(); window.print(); }
  });
  if (one("[data-print-now]")) window.addEventListener("load", function () { window.print(); });

  /* A form is sent once, even by a double click; the button that was pressed still counts. */
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    function again() { form.removeAttribute("data-sent"); }
    window.addEventListener("pageshow", again, { once: true });
    /* An answer that is a file leaves the page standing. */
    setTimeout(again, RESEND_MS);
  });

  /* Single letters can be switched off (WCAG 2.1.4); the list of keys opens by mouse as well. */
  function mark() {
    all("[data-keys-off]").forEach(function (node) { node.setAttribute("aria-pressed", String(off())); });
  }
  doc.addEventListener("click", function (event) {
    var node = event.target.closest && event.target.closest("[data-keys-off], [data-help-open]");
    if (!node) return;
    if (node.hasAttribute("data-help-open")) help();
    else try { localStorage.setItem(OFF, off() ? "0" : "1"); } catch (ignored) { /* no storage: stays on */ }
    mark();
  });
  all("[data-js]").forEach(function (node) { node.hidden = false; });
})();
