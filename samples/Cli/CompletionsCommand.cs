using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>Prints what makes a shell complete the command's words: it asks the command itself, so nothing can be out of date.</summary>
internal static class CompletionsCommand
{
    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", """
            # packingkit completions bash > ~/.local/share/bash-completion/completions/packingkit
            _packingkit()
            {
                local line=${COMP_LINE:0:$COMP_POINT}
                line=${line#* }
                COMPREPLY=($(compgen -W "$(packingkit "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _packingkit packingkit
            """),
        ("zsh", """
            #compdef packingkit
            # packingkit completions zsh > ~/.zfunc/_packingkit   (with fpath+=~/.zfunc before compinit)
            _packingkit()
            {
                local line=${LBUFFER#* }
                local -a words_found
                words_found=("${(@f)$(packingkit "[suggest:${#line}]" "$line" 2>/dev/null)}")
                compadd -a words_found || _files
            }
            compdef _packingkit packingkit
            """),
        ("fish", """
            # packingkit completions fish > ~/.config/fish/completions/packingkit.fish
            function __packingkit_complete
                set -l line (commandline -cp | string replace -r '^\S+\s?' '')
                packingkit "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c packingkit -a '(__packingkit_complete)'
            """),
        ("pwsh", """
            # packingkit completions pwsh >> $PROFILE
            Register-ArgumentCompleter -Native -CommandName packingkit -ScriptBlock {
                param($word, $ast, $cursor)
                $line = $ast.ToString().PadRight($cursor).Substring(0, $cursor) -replace '^\S+\s?', ''
                packingkit "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """),
    ];

    public static Command Create(Terminal terminal)
    {
        var command = new Command("completions", "Print the script by which a shell completes the words of this command.");
        foreach (var (shell, script) in Scripts)
        {
            var of = new Command(shell, $"For {shell}; the script begins with where it goes.");
            of.SetAction(_ => terminal.Output.WriteLine(script.ReplaceLineEndings("\n")));
            command.Subcommands.Add(of);
        }
        HelpPage.AddExamples(command, "completions bash > ~/.local/share/bash-completion/completions/packingkit");
        return command;
    }
}
