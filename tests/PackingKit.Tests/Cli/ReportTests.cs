using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The page that <c>compare --html</c> writes.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Sizes = "6\n5\n4\n3\n2\n7\n8\n5\n1\n9\n1\n0\n";
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_has_the_numbers_of_the_json()
    {
        var file = _folder.Write("a.csv", "id,size\n" + string.Concat(Sizes.Split('\n')[..^1].Select(size => $"x,{size}\n")));
        var (page, json) = await CompareAsync(
            file, "--column", "size", "-c", "10", "--strategies", "bfd,nf,mbs,exact", "--time-limit", "5", "--item-limits", "1,2,3");
        var description = json.GetProperty("description");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        Assert.Equal(sha256, json.GetProperty("sha256").GetString());
        Assert.Equal(
            [file, sha256], Table(page, "How this page came about").Where(row => row[0] is "file" or "SHA-256").Select(row => row[1]));
        Assert.Equal(
            json.GetProperty("recommendation").EnumerateArray().Select(finding => finding.GetProperty("words").GetString()!),
            page.Descendants("p").Where(p => (string?)p.Attribute("class") == "verdict")
                .Concat(page.Descendants("ul").First(ul => (string?)ul.Attribute("class") == "findings").Elements())
                .Select(each => each.Value));

        var strategies = json.GetProperty("strategies").EnumerateArray().ToArray();
        Assert.Equal(
            strategies.Select(each => string.Join(
                ' ', Text(each, "strategy"), Whole(each, "bins"), Whole(each, "aboveBound"), Share(each, "fill"))),
            Table(page, "Strategies").Select(row => string.Join(' ', row[..4])));
        Assert.Equal(
            strategies.Select(each => (Text(each, "strategy"), $"{each.GetProperty("loads").GetProperty("median").GetInt64() * 10} %")),
            Table(page, "Fill by strategy, as shares of the capacity").Select(row => (row[0], row[5])));
        Assert.Equal(
            strategies.Select(each => Whole(each.GetProperty("bound"), "bins")).Max(),
            Table(page, "Padding by capacity").First(row => row[0] == "10")[3]);

        Assert.Equal(
            json.GetProperty("lengths").EnumerateArray()
                .Select(each => ($"{Whole(each, "from")} to {Whole(each, "to")}", Whole(each, "items"))),
            Table(page, "Items by size").Select(row => (row[0], row[1])));
        Assert.Equal(
            new[] { "min", "lowerQuartile", "median", "upperQuartile", "percentile90", "percentile99", "max" }
                .Select(name => Whole(description.GetProperty("sizes"), name)).Append(Whole(description, "capacity")),
            Table(page, "In figures").Select(row => row[1]));
        foreach (var (name, caption) in new[]
            { ("capacities", "Padding by capacity"), ("itemLimits", "Padding by the most items in a bin") })
            Assert.Equal(
                json.GetProperty(name).EnumerateArray().Select(each => string.Join(' ', Whole(each, "capacity"),
                    each.TryGetProperty("maxItems", out var most) ? $"{most}" : "any", Whole(each, "bins"),
                    Whole(each.GetProperty("bound"), "bins"), Share(each, "padding"))),
                Table(page, caption).Select(row => string.Join(' ', row)));
        Assert.Equal(
            json.GetProperty("bins").EnumerateArray().Select(each => string.Join(' ', Whole(each, "binsLikeIt"), Whole(each, "load"))),
            Table(page, "Bins that are shown").Select(row => string.Join(' ', row[1..3])));
        Assert.Equal(
            strategies[^1].GetProperty("progress").EnumerateArray()
                .Select(each => string.Join(' ', Whole(each, "bins"), Whole(each, "lowerBound"), Text(each, "phase"))),
            Table(page, "Progress of exact").Select(row => string.Join(' ', row[1..])));
        Assert.EndsWith(
            Text(json.GetProperty("certificate"), "reason"),
            page.Descendants("h2").Single(h2 => h2.Value == "Certificate").ElementsAfterSelf("p").First().Value);
    }

    [Fact]
    public async Task The_certificate_on_the_page_is_verified()
    {
        var file = _folder.Write("a.txt", Sizes);
        var (page, json) = await CompareAsync(file, "--format", "sizes", "-c", "10", "--strategies", "bfd");
        var verdict = CertificateChecker.Check(
            PackingProblem.Create([.. Sizes.Split('\n')[..^1].Select(long.Parse)], 10),
            CertificateJson.Read(page.Descendants("pre").Single().Value));
        Assert.Equal(CertificateStatus.Verified, verdict.Status);
        Assert.Equal(verdict.Reason, Text(json.GetProperty("certificate"), "reason"));
    }

    [Fact]
    public async Task Items_taken_as_they_come_are_shown_in_their_bins()
    {
        var (page, _) = await CompareAsync(_folder.Write("a.txt", "6\n5\n5\n4\n"), "--format", "sizes", "-c", "10", "--strategies", "nf");
        Assert.Equal(["2 × 5", "6", "4"], Table(page, "Bins that are shown").Select(row => row[4]));
    }

    [Theory]
    [InlineData("1\n", "1")]
    [InlineData("0\n0\n", "1")]
    [InlineData("7\n", "9000000000000000000")]
    [InlineData("0.5\n0.25\n", "1.5")]
    [InlineData("", "10")]
    public async Task A_page_can_be_made_of_anything_that_can_be_compared(string sizes, string capacity)
    {
        var (page, _) = await CompareAsync(_folder.Write("a.txt", sizes), "--format", "sizes", "-c", capacity);
        Assert.Equal("Other limits", page.Descendants("h2").Select(h2 => h2.Value).ElementAt(4));
        Assert.DoesNotContain("NaN", page.ToString());
        Assert.DoesNotContain("∞", page.ToString());
    }

    [Fact]
    public async Task Every_picture_has_its_words_and_a_table_beneath()
    {
        var (page, _) = await CompareAsync(
            _folder.Write("a.txt", Sizes), "--format", "sizes", "-c", "10", "--strategies", "bfd,exact", "--time-limit", "5");
        var ids = page.DescendantsAndSelf().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        var pictures = page.Descendants().Where(element => element.Name.LocalName == "svg").ToList();
        Assert.Equal(6, pictures.Count); // sizes, strategies, fill, capacities, item limits, a search
        Assert.All(pictures, picture =>
        {
            Assert.Equal("img", picture.Attribute("role")!.Value);
            var words = picture.Elements().Where(element => element.Name.LocalName is "title" or "desc").ToArray();
            Assert.Equal(["title", "desc"], words.Select(element => element.Name.LocalName));
            Assert.All(words, element => Assert.NotEmpty(element.Value.Trim()));
            Assert.Equal(
                string.Join(' ', words.Select(element => element.Attribute("id")!.Value)), picture.Attribute("aria-labelledby")!.Value);
            Assert.NotEmpty(picture.ElementsAfterSelf().DescendantsAndSelf("table"));
        });
        Assert.All(
            page.Descendants("div").Where(div => (string?)div.Attribute("class") == "bin"),
            bin => Assert.Equal(("img", true), (bin.Attribute("role")!.Value, bin.Attribute("aria-label")!.Value.Contains("filled"))));
        Assert.All(page.Descendants("th"), cell => Assert.NotNull(cell.Attribute("scope")));
    }

    [Fact]
    public async Task The_page_runs_nothing_and_loads_nothing_whatever_the_file_is_called()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no such names of files.");
        var name = "<img src=x onerror=alert(1)>&\"'\u0001]]>.txt";
        var (page, _) = await CompareAsync(_folder.Write(name, Sizes), "--format", "sizes", "-c", "10");
        Assert.Equal(_folder.PathOf(name).Replace('\u0001', '\uFFFD'), page.Descendants("h1").Single().Value);
        Assert.DoesNotContain(
            page.Descendants(),
            element => element.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "image" or "use");
        Assert.DoesNotContain(
            page.Descendants().Attributes(),
            attribute => attribute.Name.LocalName is "src" or "href"
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value);
        Assert.DoesNotContain("@import", page.Descendants("style").Single().Value);
    }

    [Fact]
    public async Task The_page_is_replaced_when_it_is_whole()
    {
        var (file, report) = (_folder.Write("a.txt", Sizes), _folder.Write("report.html", "as it was"));
        string[] command = ["compare", file, "--format", "sizes", "--repeats", "1", "--html", report];
        Assert.Equal(2, (await CliFolder.RunAsync([.. command, "-c", "5"])).ExitCode); // an item is larger
        Assert.Equal("as it was", await File.ReadAllTextAsync(report));
        for (var time = 0; time < 2; time++)
            Assert.Equal(0, (await CliFolder.RunAsync([.. command, "-c", "10"])).ExitCode);
        Assert.Single(XDocument.Load(report, LoadOptions.None).Descendants("h1"));
        Assert.False(File.Exists($"{report}.part"));
    }

    [Fact]
    public async Task What_cannot_be_written_is_said_before_any_work()
    {
        var (file, absent) = (_folder.Write("a.txt", Sizes), _folder.PathOf("absent"));
        foreach (var (exitCode, reason, options) in new (int, string, string[])[]
        {
            (2, "--html takes one file at a time.", [file, absent, "--html", _folder.PathOf("r.html")]),
            (2, "--html would replace the file that is read.", [file, "--html", _folder.PathOf("./a.txt")]),
            (3, "Output cannot be written: ", [absent, "--html", _folder.PathOf("no/such/r.html")]),
            (3, "is a folder", [absent, "--html", _folder.PathOf("")]),
        })
        {
            var result = await CliFolder.RunAsync(["compare", "-c", "10", .. options]);
            Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
            Assert.Contains(reason, result.Error);
        }
        Assert.Equal(Sizes, await File.ReadAllTextAsync(file));
    }

    private async Task<(XElement Page, JsonElement Json)> CompareAsync(string file, params string[] options)
    {
        var report = _folder.PathOf("report.html");
        var (exitCode, output, error) = await CliFolder.RunAsync(
            ["compare", file, "--json", "--repeats", "1", "--html", report, .. options]);
        Assert.Equal((0, ""), (exitCode, error));
        using var reader = XmlReader.Create(report, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return (XElement.Load(reader), JsonDocument.Parse(output).RootElement);
    }

    private static List<string[]> Table(XElement page, string caption) =>
    [
        .. page.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements()
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
    ];

    private static string Text(JsonElement record, string name) => record.GetProperty(name).GetString()!;

    private static string Whole(JsonElement record, string name) =>
        record.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(JsonElement record, string name) =>
        record.GetProperty(name).GetDouble().ToString("P1", CultureInfo.InvariantCulture);
}
