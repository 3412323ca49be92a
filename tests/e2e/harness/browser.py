# SPDX-License-Identifier: MIT OR Apache-2.0
"""A page in a real browser: Chromium without a window, driven over two pipes (its DevTools protocol, no library needed).

Nothing here waits for time to pass: a command is answered, an event arrives, or the pipe ends and that is a failure.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading

LIMIT_SECONDS = 120
KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


def find():
    """The program, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Browser:
    def __init__(self, program):
        self.home = tempfile.mkdtemp(prefix="pcargo-browser-")
        commands, to_browser = os.pipe()
        from_browser, answers = os.pipe()

        def as_three_and_four():
            one, other = os.dup(commands), os.dup(answers)
            os.dup2(one, 3)
            os.dup2(other, 4)

        with open(os.path.join(self.home, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--hide-scrollbars", "--user-data-dir=" + os.path.join(self.home, "profile"), "--remote-debugging-pipe"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=as_three_and_four, close_fds=False,
                start_new_session=True, env=os.environ | {"HOME": self.home},
            )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self.into = to_browser
        self.answers = os.fdopen(from_browser, "rb")
        self.alarm = threading.Timer(LIMIT_SECONDS, self.end)  # then the pipe ends
        self.alarm.start()
        self.last = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)  # a session of its own

    def close(self):
        self.alarm.cancel()
        self.end()
        self.process.wait()
        os.close(self.into)
        self.answers.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _receive(self):
        message = bytearray()
        while True:
            byte = self.answers.read(1)
            if byte == b"\0":
                return json.loads(message)
            if not byte:
                with open(os.path.join(self.home, "log"), encoding="utf-8", errors="replace") as log:
                    raise RuntimeError("the browser is gone: " + log.read()[-2000:])
            message += byte

    def call(self, method, **arguments):
        self.last += 1
        command = {"id": self.last, "method": method, "params": arguments}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.into, json.dumps(command).encode() + b"\0")
        while True:
            message = self._receive()
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def load(self, file):
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.realpath(file))
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive())
        self.frame()

    def complaints(self):
        """What the page threw or said, and dialogs that it opened."""
        loud = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Page.javascriptDialogOpening")
        return [event for event in self.events if event.get("method") in loud]

    def run(self, expression):
        """The value of a JavaScript expression, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def frame(self):
        """What was asked for is drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def size(self, width, height, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.frame()

    def picture(self, file, whole=True):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(file, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def center(self, selector):
        return self.run(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{ block: "center" }});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")

    def click(self, x, y):
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.frame()

    def click_on(self, selector):
        self.click(*self.center(selector))

    def move(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def drag(self, x, y, by):
        self.move(x, y)
        self.call("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
        for part in (0.5, 1):
            self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x + by * part, y=y, button="left", buttons=1)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", x=x + by, y=y, button="left", clickCount=1)
        self.frame()

    def wheel(self, x, y, delta, control=False):
        self.call("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=delta, modifiers=2 if control else 0)
        self.frame()

    def key(self, key, shift=False):
        """A named key, or one letter."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else None
        more = {"text": text} if text else {}
        code = KEYS.get(key, ord(key[0].upper()))
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, modifiers=8 if shift else 0,
                      **(more if kind == "keyDown" else {}))  # fmt: skip
        self.frame()

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.frame()
