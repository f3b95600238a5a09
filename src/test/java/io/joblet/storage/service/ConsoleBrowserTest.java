package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.host.linux.Needs;
import io.joblet.storage.usage.UsageSampler;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The console in a real Chromium, by keyboard alone. */
@QuarkusTest
class ConsoleBrowserTest extends RemoteTest {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /** More than any page has. */
  private static final int STOPS = 80;

  @Inject UsageSampler sampler;

  private ChromeDriver browser;

  @BeforeEach
  void open() {
    Needs.that(Files.exists(BROWSER) && Files.exists(DRIVER), "chromium and its driver");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    // The certificate is of a CA that no browser knows; the sandbox is not for root.
    options.setAcceptInsecureCerts(true);
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    browser = new ChromeDriver(service, options);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.quit();
    }
    rows.change("delete from api_token");
  }

  @Test
  void aVolumeLivesByKeyboardAlone() {
    logIn();

    press("Create a volume");
    waitFor("Create a volume");
    tabTo("name");
    type("keyboard", Keys.TAB, Keys.TAB, "16 MiB", Keys.ENTER);
    waitForText("Create this volume?");
    assertFits();
    press("Create");
    waitForText("The volume was created.");
    assertThat(volumes.getVolume(named("alice/keyboard")).getVolume().getSizeBytes())
        .isEqualTo(16 * MIB);
    assertFits();

    press("Change");
    waitFor("Change keyboard");
    assertFits();
    tabTo("size");
    // What the tabulator reaches is selected, so typing takes its place.
    type("32 MiB", Keys.ENTER);
    waitForText("Change this volume?");
    waitForText("16 MiB \u2192 32 MiB");
    assertFits();
    assertThat(volumes.getVolume(named("alice/keyboard")).getVolume().getSizeBytes())
        .isEqualTo(16 * MIB);
    press("Change");
    waitForText("The volume was changed.");
    assertThat(volumes.getVolume(named("alice/keyboard")).getVolume().getSizeBytes())
        .isEqualTo(32 * MIB);

    press("Delete");
    waitForText("Delete this volume?");
    assertThat(rows.count("select count(*) from volume where state = 'AVAILABLE'")).isEqualTo(1);
    press("Delete");
    waitForText("The volume was deleted.");
    waitForText("There are no volumes.");
    assertThat(rows.count("select count(*) from volume where state = 'AVAILABLE'")).isZero();
    assertFits();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void aVolumeIsSharedAndNoLongerByKeyboardAlone() {
    Volume data =
        as("alice", "maintainer").volumes().createVolume(wanted("data").build()).getVolume();
    logIn();
    browser.get(browser.getCurrentUrl() + "/" + data.getId());
    waitForText("It is shared with nobody.");

    press("Share it with another owner");
    tabTo("with_owner");
    type("bob", Keys.TAB, Keys.SPACE, Keys.TAB, Keys.ENTER);
    waitForText("Share this volume?");
    assertFits();
    press("Share");
    waitForText("The volume is shared.");
    assertThat(texts("tr:has([aria-label='Unshare with bob']) > [data-head]"))
        .satisfiesExactly(
            access -> assertThat(access).isEqualTo("read-only"),
            since -> assertThat(since).endsWith("UTC"),
            by -> assertThat(by).startsWith("token:"));
    assertFits();

    press("Unshare");
    waitForText("Share this volume no longer?");
    assertThat(rows.count("select count(*) from volume_share")).isEqualTo(1);
    press("Unshare");
    waitForText("It is shared with nobody.");
    assertThat(rows.count("select count(*) from volume_share")).isZero();
    assertFits();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void theListFollowsWhatHappens() {
    logIn();
    waitForText("There are no volumes.");

    as("alice", "maintainer").volumes().createVolume(wanted("seen").build());

    // No page is loaded for it: the script asks for the list again.
    waitForText("seen");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void whatWasUsedIsDrawnAsItWasSampled() {
    Volume data =
        as("alice", "maintainer")
            .volumes()
            .createVolume(wantedInMemory("data").build())
            .getVolume();
    UsageFixture usage = new UsageFixture(rows, sampler);
    usage.forgetEverything();
    String path = attach(data.getId(), "job").getHostPath();
    for (int quarter = 1; quarter <= 3; quarter++) {
      UsageFixture.write(path, "file-" + quarter, 256);
      usage.sample(UsageFixture.minutes(UsageFixture.daysAgo(4 - quarter), 30));
    }
    usage.sample(UsageFixture.daysAgo(0));
    detach(data.getId(), "job");
    logIn();

    browser.get(browser.getCurrentUrl() + "/" + data.getId());
    waitForText("Use over time");
    assertFits();
    assertBars();
    assertThat(browser.findElement(By.cssSelector(".plot svg")).getAccessibleName())
        .startsWith("Used, by day");
    press("As a table");
    waitForText("512 KiB");
    assertFits();
    assertThat(texts(".plot td[data-head='Used at its end']"))
        .containsExactly("768 KiB", "512 KiB", "256 KiB");

    // The sums of all of alice's are those of the one that there is.
    press("Growth");
    waitFor("Growth");
    assertFits();
    assertBars();
    press("a year");
    waitForText("768 KiB");
    assertThat(browser.getCurrentUrl()).endsWith("?days=365");
    assertFits();
    assertThat(complaints()).isEmpty();
    usage.forgetEverything();
  }

  /** Its policy lets it work, and load nothing of others. */
  @Test
  void thePageOfTheApiIsDrawn() {
    browser.get(origin() + "/api/docs/");

    waitForText("/volumes/{volume}");
    assertThat(complaints()).isEmpty();
  }

  /** Three bars that can be seen, of a quarter, a half and three quarters of the whole height. */
  private void assertBars() {
    List<WebElement> bars = browser.findElements(By.cssSelector(".plot-bar"));
    double whole =
        ((Number)
                browser.executeScript(
                    "return document.querySelector('.plot-line').getBoundingClientRect().height"
                        + " * 2"))
            .doubleValue();
    assertThat(whole).isGreaterThan(100);
    assertThat(bars).hasSize(3).allMatch(WebElement::isDisplayed);
    for (int i = 0; i < 3; i++) {
      assertThat(bars.get(i).getRect().getHeight() / whole).isCloseTo((i + 1) / 4.0, within(0.02));
      assertThat(bars.get(i).getRect().getWidth()).isGreaterThan(4);
    }
  }

  private List<String> texts(String selector) {
    return browser.findElements(By.cssSelector(selector)).stream()
        .map(WebElement::getText)
        .toList();
  }

  @Test
  void whatThePolicyForbidsIsComplainedOf() {
    logIn();

    browser.executeScript(
        "const s = document.createElement('script'); s.textContent = 'window.hostile = 1';"
            + " document.body.append(s)");

    assertThat(browser.executeScript("return window.hostile")).isNull();
    assertThat(complaints()).anyMatch(c -> c.contains("Content Security Policy"));
  }

  private void logIn() {
    String secret =
        AccessServiceGrpc.newBlockingStub(channel())
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setName("browser")
                    .setOwner("alice")
                    .setRole("maintainer")
                    .build())
            .getSecret();
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 1, "mobile", false));
    browser.get(origin() + "/console");
    waitFor("Log in");
    assertFits();
    // The field has the focus by itself.
    type(secret, Keys.ENTER);
    waitFor("Volumes");
    assertFits();
  }

  private String origin() {
    return "https://127.0.0.1:" + tlsUrl.getPort();
  }

  private static io.joblet.storage.v1.GetVolumeRequest named(String name) {
    return io.joblet.storage.v1.GetVolumeRequest.newBuilder().setVolume(name).build();
  }

  private void type(CharSequence... keys) {
    new Actions(browser).sendKeys(keys).perform();
  }

  /** Goes to a link or a button with the tabulator, and presses it. */
  private void press(String name) {
    tabTo(name);
    type(Keys.ENTER);
  }

  private void tabTo(String name) {
    for (int i = 0; i < STOPS; i++) {
      type(Keys.TAB);
      WebElement focused = browser.switchTo().activeElement();
      if (name.equals(focused.getText()) || name.equals(focused.getDomAttribute("id"))) {
        return;
      }
    }
    throw new AssertionError("the tabulator does not reach " + name);
  }

  private void waitFor(String heading) {
    await()
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(30))
        .until(() -> browser.findElement(By.tagName("h1")).getText().equals(heading));
  }

  private void waitForText(String text) {
    await()
        .ignoreExceptions()
        .atMost(Duration.ofMinutes(1))
        .until(() -> browser.findElement(By.tagName("main")).getText().contains(text));
  }

  /** Nothing is wider than a phone. */
  private void assertFits() {
    assertThat(browser.executeScript("return window.innerWidth")).isEqualTo(360L);
    assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(360L);
  }

  private List<String> complaints() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }
}
