using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Where the command reads and writes: the process's own streams, or a test's.</summary>
internal sealed class Terminal
{
    /// <summary>Wide enough that no table wraps where nobody watches.</summary>
    private const int RedirectedWidth = 1000;

    private readonly Func<Stream> _openInput;

    public Terminal(Func<Stream> openInput, TextWriter output, TextWriter error)
    {
        (_openInput, Output, Error) = (openInput, output, error);
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!IsInteractive)
            Console.Profile.Width = RedirectedWidth;
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public IAnsiConsole Console { get; }

    /// <summary>Whether somebody watches: only then do tables have borders and move.</summary>
    public bool IsInteractive => Console.Profile.Out.IsTerminal && Console.Profile.Capabilities.Interactive;

    /// <summary>The text of a file, or of standard input for "-".</summary>
    public TextReader Open(string file) => file == "-" ? new StreamReader(_openInput()) : new StreamReader(file);

    /// <summary>A table in the style of every command. Where room is short only its first column gives way: figures stay whole.</summary>
    public Table CreateTable(string first, params string[] figures)
    {
        var table = new Table { Border = IsInteractive ? TableBorder.Horizontal : TableBorder.None };
        table.AddColumn(new TableColumn(first).Padding(0, 0, 1, 0));
        foreach (var name in figures)
            table.AddColumn(new TableColumn(name).NoWrap().RightAligned().Padding(0, 0, 1, 0));
        return table;
    }
}
