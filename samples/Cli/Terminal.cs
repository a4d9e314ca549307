using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Where the command reads and writes: the process's own streams, or a test's.</summary>
internal sealed class Terminal
{
    /// <summary>Wide enough that no table wraps where nobody watches.</summary>
    private const int RedirectedWidth = 1000;

    private readonly Func<Stream> _openInput;
    private bool _inputIsTaken;

    public Terminal(Func<Stream> openInput, TextWriter output, TextWriter error)
    {
        (_openInput, Error) = (openInput, error);
        WriteTo(output);
    }

    public TextWriter Output { get; private set; }

    public TextWriter Error { get; }

    public IAnsiConsole Console { get; private set; }

    /// <summary>Whether somebody watches: only then do tables have borders and move.</summary>
    public bool IsInteractive => Console.Profile.Out.IsTerminal && Console.Profile.Capabilities.Interactive;

    /// <summary>Sends all output from here on to a writer.</summary>
    [MemberNotNull(nameof(Output), nameof(Console))]
    public void WriteTo(TextWriter output)
    {
        Output = output;
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!IsInteractive)
            Console.Profile.Width = RedirectedWidth;
    }

    /// <summary>The text of a file, or of standard input for "-".</summary>
    /// <exception cref="IOException">The file cannot be opened, or standard input was taken already.</exception>
    public TextReader Open(string file) => new StreamReader(OpenStream(file));

    /// <summary>The bytes of the same.</summary>
    /// <exception cref="IOException">The file cannot be opened, or standard input was taken already.</exception>
    public Stream OpenStream(string file)
    {
        if (file.Length == 0)
            throw new FileNotFoundException("The name of the file is empty.");
        if (file != "-")
            return File.OpenRead(file);
        if (_inputIsTaken)
            throw new IOException("Standard input can be read only once.");
        _inputIsTaken = true;
        return _openInput();
    }

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
