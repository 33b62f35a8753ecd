// Enhancement only: every flow works without this file. No inline handlers, no eval, no dependencies.
const $ = (s, r = document) => r.querySelector(s);
const on = (t, f) => document.addEventListener(t, f);
const typing = (e) => e.target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');
const modal = () => $('#modal');

// ── Toasts: leave after 8 s, not while looked at; errors stay until closed ──
const leave = (toast) => {
  if (toast.dataset.timed || toast.dataset.stay) return;
  toast.dataset.timed = 1;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), 8000); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener('mouseenter', stop); toast.addEventListener('focusin', stop);
  toast.addEventListener('mouseleave', start); toast.addEventListener('focusout', start);
  start();
};
const toast = (text) => {
  const box = document.createElement('div');
  box.className = 'toast'; box.dataset.stay = 1;
  const words = document.createElement('span'); words.textContent = text;
  const close = document.createElement('button'); close.type = 'button'; close.dataset.close = ''; close.textContent = '×'; close.setAttribute('aria-label', document.body.dataset.close || 'Close');
  box.append(words, close); $('#toasts')?.append(box);
};

// ── Command palette. Without script the same link opens the search page ──
const palette = $('#palette');
const openPalette = () => { if (!palette) return false; palette.showModal(); $('input', palette).select(); return true; };
const options = (r) => [...r.querySelectorAll('[role=option]:not([aria-disabled])')];
const move = (box, list, step) => {
  const all = options(list);
  if (!all.length) return;
  const at = all.findIndex((o) => o.getAttribute('aria-selected') === 'true');
  const next = all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length];
  all[at]?.setAttribute('aria-selected', 'false');
  next.setAttribute('aria-selected', 'true');
  next.scrollIntoView({ block: 'nearest' });
  box.setAttribute('aria-activedescendant', next.id);
};
palette?.addEventListener('keydown', (e) => {
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); move($('input', palette), palette, e.key === 'ArrowDown' ? 1 : -1); }
  if (e.key === 'Enter') {
    const to = $('[aria-selected=true]', palette);
    if (to) { e.preventDefault(); e.ctrlKey || e.metaKey ? window.open(to.href) : to.click(); }
  }
});

// ── Combobox: the server answers with options, the keys walk through them ──
const pick = (option) => {
  const field = option.closest('.combo');
  $('input[role=combobox]', field).value = option.firstChild.textContent.trim();
  $('input[type=hidden]', field).value = option.dataset.value;
  shut(field);
};
const shut = (field) => { $('[role=listbox]', field).hidden = true; $('input[role=combobox]', field).setAttribute('aria-expanded', 'false'); };

on('keydown', (e) => {
  const box = e.target.closest?.('input[role=combobox]');
  const field = box?.closest('.combo');
  if (!field) return;
  const list = $('[role=listbox]', field);
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); move(box, list, e.key === 'ArrowDown' ? 1 : -1); }
  if (e.key === 'Escape') shut(field);
  const chosen = $('[aria-selected=true]', list);
  if (e.key === 'Enter' && chosen && !list.hidden) { e.preventDefault(); pick(chosen); }
});

// ── Clicks ──
on('click', (e) => {
  const t = e.target;
  if (t.closest('[data-palette]') && openPalette()) e.preventDefault();
  if (t.closest('[data-print]')) print();
  if (t.closest('[data-keys-help]')) { const help = $('#keys'); if (help) { e.preventDefault(); help.showModal(); } }
  if (t.closest('[data-close]')) { const d = t.closest('dialog'); d ? d.close() : t.closest('.toast')?.remove(); }
  if (t === palette || t === modal() || t === $('#keys')) t.close();           // click on the backdrop
  const option = t.closest('.combo [role=option]');
  if (option) pick(option);
  // Select all on the page, and Shift + click for a range
  const box = t.closest('.bulk-form tbody .check');
  if (box) {
    const all = [...box.closest('tbody').querySelectorAll('.check')];
    if (e.shiftKey && box.form.last) {
      const [a, b] = [all.indexOf(box.form.last), all.indexOf(box)].sort((x, y) => x - y);
      all.slice(a, b + 1).forEach((c) => { c.checked = box.checked; });
    }
    box.form.last = box;
  }
});
on('change', (e) => {
  const form = e.target.closest('.bulk-form');
  if (!form) return;
  const all = $('[data-all]', form);
  const boxes = [...form.querySelectorAll('tbody .check')];
  if (!all) return;
  if (e.target === all) boxes.forEach((b) => { b.checked = all.checked; });
  const n = boxes.filter((b) => b.checked).length;
  all.checked = n === boxes.length;
  all.indeterminate = n > 0 && n < boxes.length;
});
on('input', (e) => {
  const field = e.target.closest?.('.combo');
  if (field && e.target.matches('[role=combobox]')) $('input[type=hidden]', field).value = '';
});

// ── Keyboard. Single keys can be turned off in Preferences (WCAG 2.1.4): <html data-keys="off"> ──
let g = 0;
const rows = () => [...document.querySelectorAll('.table.rows .go')];
const walk = (step) => { const all = rows(); const at = all.indexOf(document.activeElement); all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus(); };
on('keydown', (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key === 'k') { if (openPalette()) e.preventDefault(); return; }
  if ((e.ctrlKey || e.metaKey) && e.key === 'Enter' && e.target.form) { e.preventDefault(); e.target.form.requestSubmit(); return; }
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || document.documentElement.dataset.keys === 'off' || $('dialog[open]')) return;
  if (g && Date.now() - g < 900) { g = 0; const to = $(`[data-go="${CSS.escape(e.key)}"]`); if (to) { e.preventDefault(); to.click(); } return; }
  if (e.key === 'g') { g = Date.now(); return; }
  if (e.key === '?') { const help = $('#keys'); if (help) { e.preventDefault(); help.showModal(); } return; }
  if (e.key === 'j' || e.key === 'k') { e.preventDefault(); walk(e.key === 'j' ? 1 : -1); return; }
  if (e.key === 'x') { $('.check', document.activeElement?.closest('tr'))?.click(); return; }
  const el = e.key.length === 1 && $(`[data-key="${CSS.escape(e.key)}"]`);
  if (el) { e.preventDefault(); el.matches('input') ? el.focus() : el.click(); }
});

// ── htmx ──
on('htmx:before:request', (e) => {                                              // what waited for an earlier answer goes with the version that it brought
  const { sourceElement, request } = e.detail.ctx ?? {};
  const now = sourceElement?.closest?.('#order') && $('#totals input[name=version]');
  if (now && request.body?.has?.('version')) request.body.set('version', now.value);
});
on('htmx:after:swap', (e) => {                                                  // dialog and combobox open after content arrives
  const t = e.detail.ctx?.target;
  if (t?.id === 'modal' && t.children.length && !t.open) t.showModal();
  if (t?.matches?.('.combo [role=listbox]')) { t.hidden = !t.children.length; $('input[role=combobox]', t.closest('.combo')).setAttribute('aria-expanded', String(!t.hidden)); }
  document.querySelectorAll('.toast').forEach(leave);
  if ($('[data-result]')?.pathname === location.pathname) location.reload();    // the work is done, and its result is this page
});
on('htmx:after:swap', (e) => {                                                  // a stepper shows what the cart took; a morph leaves the focused field as it was typed
  const { body } = e.detail.ctx?.request ?? {};
  document.querySelectorAll('.qty input').forEach((f) => { if (body?.get?.(f.name) === f.value) f.value = f.defaultValue; });
});
on('htmx:after:settle', () => $('#errors')?.focus());
on('htmx:before:request', () => $('#notices')?.replaceChildren());
on('htmx:finally:request', (e) => {                                             // an error page that was not ours
  const s = e.detail.ctx?.response?.status;
  if (s >= 400 && ![401, 422].includes(s) && !$('#notice')) toast(document.body.dataset.failed);
});
on('htmx:error', () => toast(document.body.dataset.offline));

// On a first visit the stream's script may arrive after htmx has looked at the page; then the stream is looked at once more.
addEventListener('load', () => setTimeout(() => document.querySelectorAll('[hx-sse\\:connect]:not([data-htmx-powered])').forEach((stream) => htmx.process(stream))));

// ── Leaving a changed form asks once ──
let changed = null;
on('input', (e) => { if (e.target.form?.matches('[data-guard]')) changed = e.target.form; });
on('submit', (e) => {
  changed = null;
  const form = e.target;                                                        // a double click sends once
  if (form.method === 'post' && !form.hasAttribute('hx-post')) {
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = 1;
    setTimeout(() => { form.querySelectorAll('button:not([type=button])').forEach((b) => b.setAttribute('aria-busy', 'true')); });
  }
});
addEventListener('beforeunload', (e) => { if (changed) e.preventDefault(); });
addEventListener('pageshow', (e) => {                                           // back from the next page: the form can be sent again
  if (e.persisted) document.querySelectorAll('form[data-sent]').forEach((f) => { delete f.dataset.sent; f.querySelectorAll('[aria-busy]').forEach((b) => b.removeAttribute('aria-busy')); });
});

// Some rows arrive ticked from the server: show the header box as mixed. Error summary takes focus. Toasts begin to age.
$('.bulk-form tbody .check')?.dispatchEvent(new Event('change', { bubbles: true }));
$('#errors')?.focus({ preventScroll: true });
document.querySelectorAll('.toast').forEach(leave);

// The menu's own part scrolls to the entry that is lit where that is out of sight; what is in sight stays where it is.
const lit = () => $('.side-nav [aria-current=page]')?.scrollIntoView({ block: 'nearest' });
lit();
$('#nav')?.addEventListener('toggle', lit);
