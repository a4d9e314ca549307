using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Whatever stands on a command line, the command ends with an exit code of its own, and a short reason if it refuses.</summary>
public class ArgumentFuzzTests
{
    /// <summary>Building the command and searching are dear: one in so many of the inputs that text gets.</summary>
    private const int Share = 10;

    private const string Sizes = "name,size,cores,times,group\na,5,1,2,x\nb,7,2,1,y\nc,3,1,1,x\n";

    /// <summary>One argument a line. Nothing that writes files, makes items, or measures again and again.</summary>
    private static readonly byte[][] CommandLines =
    [
        .. new[]
        {
            "pack - -c 20 --column size --count times --max-items 3 -s bfd",
            "pack - -c 12.5 --column 2 -s tight --time-limit 0.5 --seed 7 --json",
            "pack - --capacity=12 --format csv --column size --resource cores=3 --apart group --items csv",
            "cut - --column size --stock 10@2.5 --stock 3x12@3 --kerf 0.5 --time-limit 0.5",
            "balance - --column size --bins 2 -s ldm",
            "bound - --column size -c 9 --json",
            "describe - --column size -c 9",
            "certify write - --column size -c 9",
            "strategies --json",
            "completions bash",
        }.Select(line => System.Text.Encoding.Latin1.GetBytes(line.Replace(' ', '\n'))),
    ];

    [Fact]
    public void Any_command_line_of_packingkit_ends_in_an_exit_code() => Fuzzing.Run(
        CommandLines,
        bytes =>
        {
            var args = Arguments(bytes);
            if (Array.Exists(args, WritesFile))
                return;
            var run = CliFolder.RunAsync(args, Sizes);
            var (exitCode, _, error) = run.GetAwaiter().GetResult();
            if (exitCode == Cli.CommandLine.BadInput)
                throw Refusal(error);
            Assert.InRange(exitCode, Cli.CommandLine.Success, Cli.CommandLine.Invalid);
        },
        refusal => refusal is FormatException,
        Share);

    [Fact]
    public void Any_command_line_of_packingkit_data_ends_in_an_exit_code() => Fuzzing.Run(
        [
            .. new[]
            {
                "pack none.jsonl --capacity 64 --to trl --overlap 3 --long split --columns input_ids --weights mask",
                "none.jsonl --pool 8 --bos 1 --eos 2 --ranks 4 --shuffle 7 --blend 0.5 --id a",
                "sql deal --dialect spark",
                "stats none",
                "verify none --json",
            }.Select(line => System.Text.Encoding.Latin1.GetBytes(line.Replace(' ', '\n'))),
        ],
        bytes =>
        {
            var args = Arguments(bytes);
            if (Array.Exists(args, WritesFile))
                return;
            using StringWriter output = new(), error = new();
            var exitCode = Samples.Training.CommandLine.Run(args, output, error);
            if (error.ToString().StartsWith("none", StringComparison.Ordinal))
                return; // all was read, but there are no such files
            if (exitCode == Samples.Training.CommandLine.BadInput)
                throw Refusal(error.ToString());
            Assert.InRange(exitCode, Samples.Training.CommandLine.Success, Samples.Training.CommandLine.Failed);
        },
        refusal => refusal is FormatException,
        Share);

    /// <summary>No argument has the character that ends it for the system.</summary>
    private static string[] Arguments(byte[] bytes) => Mutator.Text(bytes).Replace('\0', ' ').Split('\n');

    /// <summary>A mistake a line: each is to be short.</summary>
    private static FormatException Refusal(string error) => new(error.Split('\n').MaxBy(line => line.Length));

    private static bool WritesFile(string argument) => argument.StartsWith("-o", StringComparison.Ordinal)
        || argument.StartsWith("--o", StringComparison.Ordinal) || argument.StartsWith("--log", StringComparison.Ordinal)
        || argument is "generate" or "compare" or "write";
}
