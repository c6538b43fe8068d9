// Opens pages in Chromium, with their own scripts off and the network away, and asks axe about contrast, labels and structure.
// Usage: html_report.mjs SCREENSHOTS PAGE.html...   Prints what is wrong, one line each.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.PEERS + "/");
const puppeteer = require("puppeteer-core");
const axe = require("axe-core").source;

const [screenshots, ...pages] = process.argv.slice(2);
let problems = 0;
const tell = (page, text) => {
  problems += 1;
  console.log(`${path.basename(page)}: ${text}`);
};

const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  headless: true,
  protocolTimeout: 120000,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage",
         "--host-resolver-rules=MAP * ~NOTFOUND"],
});
try {
  for (const file of pages) {
    for (const scheme of ["light", "dark"]) {
      const page = await browser.newPage();
      await page.setJavaScriptEnabled(false);
      await page.setViewport({ width: 1280, height: 1024 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const url = pathToFileURL(file).href;
      page.on("request", (request) => request.url() === url || tell(file, `asks for ${request.url()}`));
      page.on("dialog", (dialog) => { tell(file, "opens a dialog"); dialog.dismiss(); });
      page.on("pageerror", (error) => tell(file, `error: ${error.message}`));
      await page.goto(url, { waitUntil: "load", timeout: 120000 });
      const found = await page.evaluate(() => ({
        active: document.querySelectorAll("script, iframe, object, embed, img, link, form, base, svg script, [onclick], [onerror], [onload]").length,
        heading: document.querySelector("h1")?.textContent ?? "",
        title: document.title,
        text: document.body.innerText.length,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        elements: document.querySelectorAll("*").length,
      }));
      if (found.active > 0) tell(file, `holds ${found.active} elements that could act`);
      if (!/jwtdomain/.test(found.title)) tell(file, `has the title "${found.title}"`);
      if (!/LEAKS|ISOLATED|NOT PROVEN|CONSISTENT|WEAK|INCONCLUSIVE|HOLDS|LEAKED/.test(found.heading)) tell(file, `begins with "${found.heading}"`);
      if (found.text < 200) tell(file, "is nearly empty");
      if (found.wide > 0) tell(file, `is ${found.wide} pixels wider than its window (${scheme})`);
      if (found.elements > 60000) tell(file, `has ${found.elements} elements`);
      await page.screenshot({ path: `${screenshots}/${path.basename(file, ".html")}-${scheme}.png` });
      if (found.elements < 20000) { // axe needs timers, which need scripts
        await page.setJavaScriptEnabled(true);
        await page.reload({ waitUntil: "load" });
        const violations = await page.evaluate(`${axe}; axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
          v.id + ": " + v.help + " (" + v.nodes.length + " times, first: " + v.nodes[0].html.slice(0, 160) + ")"))`);
        for (const violation of violations) tell(file, `${violation} (${scheme})`);
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
process.exit(problems === 0 ? 0 : 1);
