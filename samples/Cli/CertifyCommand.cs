using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Writes certificates of packings, and checks them from the sizes alone.</summary>
internal static class CertifyCommand
{
    public static Command Create(Terminal terminal) => new("certify", "Write certificates of packings and their bounds, and check them.")
    {
        Write(terminal),
        Check(terminal),
    };

    private static Command Write(Terminal terminal)
    {
        var inputs = new InputOptions();
        var strategy = new StrategyOptions("tight");
        var command = new Command("write", "Pack the sizes of each file and print a certificate of each packing as one line of JSON.")
            { inputs.Files };
        inputs.AddTo(command);
        strategy.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            var runs = strategy.Start(
                parsed, inputs.ReadAll(parsed, terminal), inputs.CountColumn(parsed), terminal, cancellationToken);
            await JsonLines.WriteAsync(
                runs, terminal.Output, (input, result) => CertificateJson.Write(PackingCertificate.Of(result)));
            cancellationToken.ThrowIfCancellationRequested(); // after what the last search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var inputs = new InputOptions();
        var certificates = new Argument<string>("certificates") { Description = "What 'certify write' printed; '-' for standard input." };
        inputs.Files.Description = "Files of sizes, one for each certificate in order.";
        var json = JsonLines.CreateOption();
        var command = new Command("check", "Check certificates against the sizes, believing nothing they say.")
            { certificates, inputs.Files };
        inputs.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var source = parsed.GetRequiredValue(certificates);
            var files = parsed.GetRequiredValue(inputs.Files);
            var read = JsonLines.Read(terminal, source, CertificateJson.Read);
            if (read.Count != files.Length)
                throw new InputException(source, 0, $"There are {read.Count} certificates and {files.Length} files of sizes.");
            var claims = read.Zip(files, (certificate, file) => (
                Certificate: certificate,
                Input: inputs.ReadFor(
                    parsed, terminal, file, certificate.Limits.Capacity,
                    certificate.Limits.HasItemLimit ? certificate.Limits.MaxItems : null)))
                .ToArray();
            var verdicts = Array.ConvertAll(claims, claim => VerdictRecord.Of(
                claim.Input.File, CertificateChecker.Check(claim.Input.Problem, claim.Certificate, cancellationToken: cancellationToken)));
            if (parsed.GetValue(json))
                foreach (var verdict in verdicts)
                    terminal.Output.WriteLine(JsonSerializer.Serialize(verdict, CliJson.Default.VerdictRecord));
            else
                terminal.Console.Write(Render(verdicts, terminal));
            var verified = Array.TrueForAll(verdicts, verdict => verdict.Status == CertificateStatus.Verified);
            return verified ? CommandLine.Success : CommandLine.Invalid;
        }, cancellationToken));
        return command;
    }

    private static Table Render(VerdictRecord[] verdicts, Terminal terminal)
    {
        var table = terminal.CreateTable("file", "bins", "bound", "verdict", "reason");
        table.Columns[^1].LeftAligned().NoWrap = false;
        foreach (var verdict in verdicts)
            table.AddRow(
                new TextPath(verdict.File), new Text($"{verdict.Bins}"), new Text($"{verdict.LowerBound}"),
                new Text(Describe(verdict)), new Text(verdict.Reason));
        return table;
    }

    private static string Describe(VerdictRecord verdict) => verdict.Status switch
    {
        CertificateStatus.Refused => "refused",
        CertificateStatus.BoundNotCertified => "bound open",
        _ => verdict.Optimal ? "optimal" : "verified",
    };
}
