//! A real browser: Debian's headless Chromium, asked through its debugging protocol. It reaches nothing but this machine.

mod tools;

pub use tools::{axe, skipped, vnu};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than any page takes on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(90);

/// The running browser.
pub struct Browser {
    process: Child,
    line: WebSocketStream<MaybeTlsStream<TcpStream>>,
    sent: u64,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// Starts it. `None`, with the reason printed, only where there is no Chromium on the machine.
    pub async fn open() -> Option<Self> {
        let Some(program) = tools::program(&["chromium", "chromium-browser", "google-chrome"]) else {
            tools::skipped("there is no chromium on this machine (apt-get install chromium)");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--lang=en-GB"])
            // Whatever is not on this machine is asked of a proxy that is not there.
            .args(["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>;127.0.0.1;localhost"])
            .arg("--remote-debugging-port=0")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let said = process.stderr.take().unwrap();
        let address = tokio::task::spawn_blocking(move || {
            let mut lines = BufReader::new(said).lines().map_while(Result::ok);
            let address = lines.find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
            // It would stop if nobody listened.
            std::thread::spawn(move || lines.for_each(drop));
            address
        });
        let address = tokio::time::timeout(PATIENCE, address).await.unwrap().unwrap().expect("chromium did not start");
        let (line, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        Some(Self { process, line, sent: 0, _profile: profile })
    }

    /// A new window, 1024 pixels wide, in light colours.
    pub async fn page(&mut self) -> Page<'_> {
        let target = self.ask(None, "Target.createTarget", json!({"url": "about:blank"})).await["targetId"].clone();
        let attached = self.ask(None, "Target.attachToTarget", json!({"targetId": target, "flatten": true})).await;
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let mut page = Page { browser: self, session, complaints: Vec::new(), loads: 0 };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.ask(&format!("{domain}.enable"), json!({})).await;
        }
        // So that axe can be put into pages whose policy forbids every script.
        page.ask("Page.setBypassCSP", json!({"enabled": true})).await;
        page.wide(1024).await;
        page.dark(false).await;
        page
    }

    async fn ask(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let mut events = Vec::new();
        self.ask_among(session, method, parameters, &mut events).await
    }

    /// Asks, and keeps what is said meanwhile.
    async fn ask_among(&mut self, session: Option<&str>, method: &str, parameters: Value, events: &mut Vec<Value>) -> Value {
        self.sent += 1;
        let id = self.sent;
        let mut request = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = session {
            request["sessionId"] = json!(session);
        }
        self.line.send(Message::text(request.to_string())).await.unwrap();
        loop {
            let mut said = self.hear().await;
            if said["id"] == json!(id) {
                assert!(said.get("error").is_none(), "{method}: {said}");
                return said["result"].take();
            }
            events.push(said);
        }
    }

    async fn hear(&mut self) -> Value {
        loop {
            let said = tokio::time::timeout(PATIENCE, self.line.next()).await.expect("the browser is silent");
            if let Message::Text(text) = said.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }
}

/// One window.
pub struct Page<'a> {
    browser: &'a mut Browser,
    session: String,
    /// What the browser complained of: script errors, refused resources, broken markup of ours.
    pub complaints: Vec<String>,
    loads: usize,
}

impl Page<'_> {
    async fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let mut events = Vec::new();
        let session = self.session.clone();
        let answer = self.browser.ask_among(Some(&session), method, parameters, &mut events).await;
        for event in &events {
            self.note(event);
        }
        answer
    }

    fn note(&mut self, event: &Value) {
        match event["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loads += 1,
            "Runtime.exceptionThrown" => self.complaints.push(event["params"]["exceptionDetails"].to_string()),
            "Log.entryAdded" if matches!(event["params"]["entry"]["level"].as_str(), Some("error" | "warning")) => {
                // That a page answered 404 is what some tests ask for.
                let entry = &event["params"]["entry"];
                if entry["source"] != "network" || !entry["text"].as_str().unwrap_or_default().contains("status of 4") {
                    self.complaints.push(entry.to_string());
                }
            }
            "Runtime.consoleAPICalled" if event["params"]["type"] == "error" => self.complaints.push(event["params"].to_string()),
            _ => {}
        }
    }

    async fn loaded_after(&mut self, loads: usize) {
        while self.loads <= loads {
            let event = self.browser.hear().await;
            self.note(&event);
        }
    }

    /// Opens an address and waits until everything of it is there.
    pub async fn go(&mut self, url: &str) {
        let loads = self.loads;
        self.ask("Page.navigate", json!({"url": url})).await;
        self.loaded_after(loads).await;
    }

    /// Sends a form to an address of our own, and waits for the answer.
    pub async fn send_form(&mut self, url: &str, fields: &[(&str, &str)]) {
        let (home, _) = url.match_indices('/').nth(2).unwrap_or((url.len(), ""));
        self.go(&format!("{}/privacy", &url[..home])).await;
        let loads = self.loads;
        let script = format!(
            "(() => {{ const form = document.createElement('form'); form.method = 'post'; form.action = {url:?}; \
             for (const [name, value] of {fields}) {{ const field = document.createElement('input'); field.type = 'hidden'; \
             field.name = name; field.value = value; form.append(field); }} document.body.append(form); form.submit(); }})()",
            fields = json!(fields)
        );
        self.eval(&script).await;
        self.loaded_after(loads).await;
    }

    /// Shows a document that lies nowhere.
    pub async fn show(&mut self, html: &str) {
        self.go("about:blank").await;
        let frame = self.ask("Page.getFrameTree", json!({})).await["frameTree"]["frame"]["id"].clone();
        self.ask("Page.setDocumentContent", json!({"frameId": frame, "html": html})).await;
    }

    /// What a script expression comes to; promises are waited for.
    pub async fn eval(&mut self, script: &str) -> Value {
        let parameters = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let mut answer = self.ask("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].take()
    }

    /// All words that a reader sees.
    pub async fn words(&mut self) -> String {
        let text = self.eval("document.body.innerText").await;
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub async fn title(&mut self) -> String {
        self.eval("document.title").await.as_str().unwrap_or_default().to_owned()
    }

    pub async fn address(&mut self) -> String {
        self.eval("location.href").await.as_str().unwrap_or_default().to_owned()
    }

    /// Presses a key by its name: Tab, Enter, Space, or the arrow downward.
    pub async fn press(&mut self, key: &str) {
        let (code, text, number) = match key {
            "Tab" => ("Tab", "", 9),
            "Enter" => ("Enter", "\r", 13),
            "Space" => ("Space", " ", 32),
            "ArrowDown" => ("ArrowDown", "", 40),
            "ArrowUp" => ("ArrowUp", "", 38),
            other => panic!("no such key: {other}"),
        };
        let key = if key == "Space" { " " } else { key };
        for (kind, text) in [(if text.is_empty() { "rawKeyDown" } else { "keyDown" }, text), ("keyUp", "")] {
            let event = json!({"type": kind, "key": key, "code": code, "text": text, "windowsVirtualKeyCode": number});
            self.ask("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Presses a key that leads to another page, and waits for that.
    pub async fn press_and_go(&mut self, key: &str) {
        let loads = self.loads;
        self.press(key).await;
        self.loaded_after(loads).await;
    }

    /// Types into what has the focus.
    pub async fn type_text(&mut self, text: &str) {
        self.ask("Input.insertText", json!({"text": text})).await;
    }

    /// Goes with the Tab key to the first thing for which this expression over `e` holds, as somebody without a mouse would.
    pub async fn tab_to(&mut self, wanted: &str) {
        for _ in 0..400 {
            self.press("Tab").await;
            let script =
                format!("(() => {{ const e = document.activeElement; return !!e && e !== document.body && !!({wanted}); }})()");
            if self.eval(&script).await == json!(true) {
                return;
            }
        }
        panic!("the Tab key never gets to {wanted} on {}", self.address().await);
    }

    /// Clicks the middle of the first element that the selector finds, and waits for the page to which that leads.
    pub async fn click_and_go(&mut self, selector: &str) {
        let script = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{behavior: 'instant', block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let at = self.eval(&script).await;
        let loads = self.loads;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", event).await;
        }
        self.loaded_after(loads).await;
    }

    /// Light or dark, as the reader's system asks for it.
    pub async fn dark(&mut self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features =
            json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.ask("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// So many CSS pixels wide: 320 is also what 400 % zoom gives on a screen of 1280 (WCAG 1.4.10).
    pub async fn wide(&mut self, pixels: u32) {
        let metrics = json!({"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// How many pixels of the page one would have to scroll sideways for.
    pub async fn sideways(&mut self) -> i64 {
        let script = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.eval(script).await.as_i64().unwrap()
    }

    /// The page as a picture (PNG), at most so many pixels high.
    pub async fn picture(&mut self, height_max: u32) -> Vec<u8> {
        let size = self.eval("[document.documentElement.clientWidth, document.documentElement.scrollHeight]").await;
        let height = size[1].as_u64().unwrap().min(u64::from(height_max));
        let clip = json!({"x": 0, "y": 0, "width": size[0], "height": height, "scale": 1});
        let parameters = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let answer = self.ask("Page.captureScreenshot", parameters).await;
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// What axe-core has against the page as it is shown now, a line each. `mail`: without the rules that only pages can keep
    /// (landmarks, a way past the header).
    pub async fn violations(&mut self, axe: &str, mail: bool) -> Vec<String> {
        self.eval(&format!("{axe};0")).await;
        let off = if mail { "{region:{enabled:false},'landmark-one-main':{enabled:false},bypass:{enabled:false}}" } else { "{}" };
        let script = format!(
            "axe.run(document, {{rules: {off}, resultTypes: ['violations'], runOnly: {{type: 'tag', values: \
             ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}}}}).then(r => r.violations.flatMap(v => \
             v.nodes.map(n => v.id + ': ' + v.help + ': ' + n.target.join(' ') + ': ' + n.html.slice(0, 120))))"
        );
        let found = self.eval(&script).await;
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }
}
