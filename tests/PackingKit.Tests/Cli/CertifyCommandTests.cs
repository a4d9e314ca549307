using Xunit;

namespace PackingKit.Tests;

public sealed class CertifyCommandTests : IDisposable
{
    /// <summary>Eight items of 5 and two of 4 in bins of 13: 5 bins, where every rule that costs no search says 4.</summary>
    private const string Gapped = "5\n5\n5\n5\n5\n5\n5\n5\n4\n4\n";

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tight")]
    [InlineData("exact")]
    public async Task A_bound_beyond_the_cheap_rules_is_proved_by_its_prices(string strategy)
    {
        var gapped = _folder.Write("gapped.txt", Gapped);
        var written = await CliFolder.RunAsync(["certify", "write", gapped, "-c", "13", "-s", strategy, "--time-limit", "60"]);
        Assert.Equal((0, ""), (written.ExitCode, written.Error));
        var (exitCode, output, error) = await CliFolder.RunAsync(["certify", "check", "-", gapped, "--json"], written.Output);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\"status\":\"verified\",\"bins\":5,\"lowerBound\":5,\"optimal\":true", output);
    }

    [Fact]
    public async Task Certificates_are_checked_in_the_order_of_the_files()
    {
        var gapped = _folder.Write("gapped.txt", Gapped);
        var bpp = _folder.Write("bpp.txt", "2\n10\n6\n6\n");
        var heuristics = (await CliFolder.RunAsync(["certify", "write", gapped, "-c", "13", "-s", "ffd"])).Output
            + (await CliFolder.RunAsync(["certify", "write", bpp, "-s", "ffd"])).Output;
        var (exitCode, output, _) = await CliFolder.RunAsync(["certify", "check", "-", gapped, bpp], heuristics);
        Assert.Equal(0, exitCode);
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal([gapped, "5", "4", "verified"], rows[1][..4]);
        Assert.Equal([bpp, "2", "2", "optimal"], rows[2][..4]);

        Assert.Equal(1,
            (await CliFolder.RunAsync(["certify", "check", "-", bpp, gapped, "-c", "13", "--format", "sizes"], heuristics)).ExitCode);
    }

    [Theory]
    [InlineData("\"lowerBound\":4", "\"lowerBound\":6", "refused")]
    [InlineData("\"lowerBound\":4", "\"lowerBound\":5", "refused")] // what L1 does not give
    [InlineData("\"lowerBound\":4,\"boundRule\":\"L1\"", "\"lowerBound\":5,\"boundRule\":\"a search\"", "boundNotCertified")]
    [InlineData("\"capacity\":13", "\"capacity\":14", "refused")]
    [InlineData("[[4,5,2]", "[[3,5,2]", "refused")]
    public async Task A_false_claim_is_refused_with_exit_code_1(string from, string to, string status)
    {
        var gapped = _folder.Write("gapped.txt", Gapped);
        var written = (await CliFolder.RunAsync(["certify", "write", gapped, "-c", "13", "-s", "ffd"])).Output;
        Assert.Contains(from, written);
        var (exitCode, output, _) = await CliFolder.RunAsync(["certify", "check", "-", gapped, "-c", "13", "--json"],
            written.Replace(from, to));
        Assert.Equal(1, exitCode);
        Assert.Contains($"\"status\":\"{status}\"", output);
    }

    [Theory]
    [InlineData("", "-: There is no line.")]
    [InlineData("{}", "-:1: ")]
    public async Task What_is_no_certificate_is_refused_with_file_line_and_reason(string certificates, string reason)
    {
        var (exitCode, output, error) = await CliFolder.RunAsync(["certify", "check", "-", _folder.Write("gapped.txt", Gapped)],
            certificates);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(reason, error);
    }

    [Fact]
    public async Task Certificates_and_files_must_be_as_many()
    {
        var gapped = _folder.Write("gapped.txt", Gapped);
        var written = (await CliFolder.RunAsync(["certify", "write", gapped, "-c", "13"])).Output;
        var (exitCode, _, error) = await CliFolder.RunAsync(["certify", "check", "-", gapped, gapped], written);
        Assert.Equal((2, "-: There are 1 certificates and 2 files of sizes.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Help_is_pointed_to_by_the_whole_name() =>
        Assert.EndsWith("'packingkit certify write --help' lists what there is.\n", (await CliFolder.RunAsync(["certify", "write"])).Error);
}
