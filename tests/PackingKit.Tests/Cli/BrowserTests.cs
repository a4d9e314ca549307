using System.Diagnostics;
using System.Net;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The page as a browser lays it out.</summary>
[Trait("speed", "slow")]
public sealed class BrowserTests : IDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task The_page_fits_its_window_and_the_browser_has_nothing_to_say(int width)
    {
        Assert.SkipUnless(File.Exists(Chromium), "There is no Chromium (apt-get install chromium).");
        var report = _folder.PathOf("report.html");
        var lengths = string.Join('\n', Enumerable.Range(1, 400).Select(i => i * 977L % 2048));
        var name = new string('n', 200); // as wide as a name can be
        Assert.Equal(0, (await CliFolder.RunAsync(
            ["compare", _folder.Write(name, lengths), "--format", "sizes", "-c", "2048", "--repeats", "1", "--html", report])).ExitCode);

        // In a frame, because the page itself allows no script, and no window is as narrow as a telephone.
        var frame = _folder.Write("frame.html", $"""
            <!DOCTYPE html><iframe style="width:{width}px" srcdoc="{WebUtility.HtmlEncode(await File.ReadAllTextAsync(report))}"></iframe>
            <script>
            addEventListener("load", () => document.title = frames[0].innerWidth + " " + frames[0].document.documentElement.scrollWidth)
            </script>
            """);
        var (output, error) = await BrowseAsync(frame);
        Assert.Contains($"<title>{width} {width}</title>", output);
        Assert.DoesNotContain("CONSOLE", error);
    }

    private async Task<(string Output, string Error)> BrowseAsync(string page)
    {
        var start = new ProcessStartInfo(Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr",
            $"--user-data-dir={_folder.PathOf("profile")}", "--dump-dom", new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        var error = browser.StandardError.ReadToEndAsync();
        var output = await browser.StandardOutput.ReadToEndAsync();
        return (output, await error);
    }
}
