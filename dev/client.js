// Keeps the page up to date while its site is developed. The development server adds it, and no build has it.
(() => {
  const own = document.currentScript.dataset
  let version = Number(own.version)
  let source, overlay, timer, delay = 250, leaving = -Infinity

  function connect() {
    clearTimeout(timer)
    if (source || document.hidden) return
    source = new EventSource(`/_pyastro/events?run=${own.run}&version=${version}`)
    source.onopen = () => { delay = 250 }
    source.onmessage = (event) => take(JSON.parse(event.data))
    source.onerror = () => {
      disconnect()
      timer = setTimeout(connect, delay)
      delay = Math.min(delay * 1.5, 3000)
    }
  }

  // A hidden page gives its connection back: a browser has few for each server.
  function disconnect() {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }

  function take(message) {
    if ("problem" in message) return message.problem ? show() : hide()
    version = message.version
    if (message.reload || own.failed !== undefined || !(message.links ?? []).every(relink)) return reload()
    for (const [before, after] of message.styles ?? []) restyle(before, after)
  }

  function reload() {
    const wait = leaving + 2000 - performance.now() // who has clicked a link is not held back
    if (wait > 0) return setTimeout(reload, wait)
    disconnect()
    if (own.method === "GET") location.reload()
    else location.assign(location.pathname + location.search) // what was sent is not sent again
  }

  function restyle(before, after) {
    for (const style of document.querySelectorAll("style")) {
      const at = style.textContent.indexOf(before)
      if (at < 0) continue
      const text = style.textContent
      style.textContent = text.slice(0, at) + after + text.slice(at + before.length)
      if (!style.sheet?.cssRules.length) return reload() // a policy of the site allows the old text alone
    }
  }

  function relink([path, next]) {
    const links = [...document.querySelectorAll('link[rel~="stylesheet"]')]
    const found = links.filter((link) => link.href && new URL(link.href).pathname === path)
    for (const link of found) {
      const fresh = link.cloneNode()
      const address = new URL(next, link.href)
      if (next === path) address.searchParams.set("pyastro", version) // else it is another one
      fresh.href = address
      fresh.onload = fresh.onerror = () => link.remove()
      link.after(fresh)
    }
    // Another style sheet may import it.
    return found.length > 0 || !performance.getEntriesByType("resource").some((e) => new URL(e.name).pathname === path)
  }

  function show() {
    const frame = overlay?.shadowRoot.firstChild ?? document.createElement("iframe")
    frame.src = "/_pyastro/problem"
    if (overlay) return
    for (const [name, value] of Object.entries({ position: "fixed", inset: 0, width: "100%", height: "100%", border: 0, "z-index": 2147483647, "color-scheme": "normal" })) {
      frame.style.setProperty(name, value)
    }
    overlay = document.createElement("pyastro-overlay")
    overlay.attachShadow({ mode: "open" }).append(frame)
    document.documentElement.append(overlay)
    frame.onload = () => frame.contentWindow.addEventListener("keydown", (event) => event.key === "Escape" && hide())
  }

  function hide() {
    overlay?.remove()
    overlay = undefined
  }

  function open(event) {
    const place = event.target.closest?.("[data-source]")
    if (!place || getSelection()?.toString()) return
    event.preventDefault()
    const { source, line, column } = place.dataset
    fetch("/_pyastro/open", {
      method: "POST",
      headers: { "content-type": "application/json", "x-pyastro-token": own.token },
      body: JSON.stringify({ source, line: Number(line), column: Number(column ?? 1) }),
    }).then(async (response) => response.ok || alert(await response.text()))
  }

  if (own.token !== undefined) {
    document.documentElement.classList.add("opens")
    for (const place of document.querySelectorAll("[data-source]")) {
      place.role = "button"
      place.tabIndex = 0
    }
    document.addEventListener("click", open)
    document.addEventListener("keydown", (event) => event.key === "Enter" && open(event))
  }
  if (own.still !== undefined) return
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()))
  addEventListener("beforeunload", () => { leaving = performance.now() })
  addEventListener("pagehide", disconnect)
  addEventListener("pageshow", connect)
  connect()
})()
