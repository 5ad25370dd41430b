import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { docs } from "../../src/compiler/docs/index.js";
import { defaultConfig, type Source } from "../../src/compiler/index.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Without these, Chromium asks the network for things of its own.
const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];

let browser: Browser;
let folder: string;
const opened: Page[] = [];
const faintTexts = readFileSync(join(root, "test/browser/faint-texts.js"), "utf8");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-docs-"));
  const hostile = read("test/compiler/cases/docs/hostile_texts/hostile.yaml");
  for (const { path, text } of docs([...schemas("schemas"), hostile], defaultConfig, read).files) {
    writeFileSync(join(folder, path), text);
  }
  const args = ["--no-sandbox", "--disable-gpu", "--disable-sync", ...quiet];
  browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.close()));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a page in a browser", () => {
  it("leads from its contents to a method, and from there to a type", async () => {
    const { page } = await open("compute.html");
    await page.getByRole("navigation").getByRole("link", { name: "rebuild_instance" }).click();

    await expect.poll(() => isSeen(page, "#method-rebuild_instance h3")).toBe(true);
    await page
      .locator("#method-rebuild_instance table")
      .first()
      .getByRole("link", { name: "Instance" })
      .first()
      .click();
    await expect.poll(() => isSeen(page, "#type-Instance h3")).toBe(true);
    expect(page.url()).toMatch(/#type-Instance$/);
  });

  it("shows what fits the search alone, says how much that is, and everything again after Escape", async () => {
    const { page } = await open("compute.html");
    const all = await page.locator(".entry:visible").count();
    await page.keyboard.press("/");
    await page.keyboard.type("rebuild accel");

    expect(await names(page)).toEqual(["rebuild_instance"]);
    expect(await page.getByRole("status").textContent()).toBe(`1 of ${all}`);
    expect(await page.locator(".side li[data-for]:visible").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator(".entry:visible").count()).toBe(all);
  });

  it("says so when nothing fits, and Enter leads to the first that does", async () => {
    const { page } = await open("compute.html");
    await page.getByRole("searchbox").fill("no such thing");
    expect(await page.locator("#nothing").isVisible()).toBe(true);
    await page.getByRole("searchbox").fill("console");
    await page.keyboard.press("Enter");
    expect(page.url()).toMatch(/#method-get_console_output$/);
  });

  it("follows the system's light or dark, and the switch", async () => {
    const light = await open("compute.html", { colorScheme: "light" });
    const dark = await open("compute.html", { colorScheme: "dark" });
    const [bright, dim] = [await background(light.page), await background(dark.page)];

    expect(bright).not.toBe(dim);
    const button = light.page.getByRole("button", { name: "Dark" });
    await button.click();
    expect(await background(light.page)).toBe(dim);
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    await button.click();
    expect(await background(light.page)).toBe(bright);
  });

  it("needs no sideways scrolling on a phone", async () => {
    const { page } = await open("compute.html", { viewport: { width: 390, height: 800 } });

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  it("runs nothing that a hostile definition brings, and asks for nothing but itself", async () => {
    const { page, requests, problems } = await open("hostile.html");
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await page.getByRole("searchbox").fill("attack");

    expect(await names(page)).toEqual(["attack"]);
    expect(dialogs).toBe(0);
    expect(problems).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it("prints what was folded away", async () => {
    const { page } = await open("compute.html");
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator("details[open]").count()).toBe(0);
  });

  it.each(["light", "dark"] as const)("has text that can be read against its ground: %s", async (colorScheme) => {
    const { page } = await open("compute.html", { colorScheme });
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');

    expect(await page.evaluate(faintTexts)).toEqual([]);
  });
});

async function open(path: string, options: BrowserContextOptions = {}) {
  const page = await browser.newPage(options);
  opened.push(page);
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => problems.push(message.text()));
  await page.goto(pathToFileURL(join(folder, path)).href);
  return { page, requests, problems };
}

async function names(page: Page): Promise<readonly string[]> {
  return page.locator(".entry:visible h3 .self").allTextContents();
}

async function background(page: Page): Promise<string> {
  return String(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
}

/** Whether an element is where it can be seen, below the bar. */
async function isSeen(page: Page, selector: string): Promise<boolean> {
  const box = await page.locator(selector).boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  return box !== null && box.y >= 40 && box.y < height;
}

function schemas(name: string): readonly Source[] {
  return readdirSync(root + name)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => read(`${name}/${file}`));
}

function read(path: string): Source {
  return { path, text: readFileSync(root + path, "utf8") };
}
