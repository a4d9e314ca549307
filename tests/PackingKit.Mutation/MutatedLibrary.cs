using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PackingKit.Mutation;

/// <summary>The library with all mutants of some files in it: those that do not compile are left out.</summary>
internal static class MutatedLibrary
{
    private const string Switch = """
        namespace PackingKit;
        internal static class Mutants
        {
            private static int _active;
            public static bool Is(int number) => _active == number;
        }
        """;

    /// <summary>Writes the assembly.</summary>
    /// <param name="project">Path of the library's project, which is built.</param>
    /// <param name="isMutated">Whether a file, named below the project's folder, is to be mutated.</param>
    /// <param name="output">Path of the assembly.</param>
    /// <returns>The mutants in it, and how many did not compile.</returns>
    public static (List<Mutant> Mutants, int Broken) Write(string project, Predicate<string> isMutated, string output)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(project))!;
        var whole = Compile(project);
        var broken = new HashSet<(string, int, string)>();
        while (true)
        {
            List<Mutant> mutants = [];
            var mutated = whole.AddSyntaxTrees(CSharpSyntaxTree.ParseText(Switch, (CSharpParseOptions)whole.SyntaxTrees.First().Options));
            foreach (var tree in whole.SyntaxTrees)
            {
                var name = Path.GetRelativePath(folder, tree.FilePath).Replace('\\', '/');
                if (!isMutated(name))
                    continue;
                var mutator = new Mutator(name, whole.GetSemanticModel(tree), Number);
                mutated = mutated.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(mutator.Visit(tree.GetRoot())!, tree.Options));
            }
            using var file = File.Create(output);
            var emitted = mutated.Emit(file);
            if (emitted.Success)
                return (mutants, broken.Count);
            var before = broken.Count;
            foreach (var error in emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
                foreach (var number in Blamed(error))
                    broken.Add(KeyOf(mutants[number - 1]));
            if (broken.Count == before)
                throw new InvalidOperationException(string.Join('\n', emitted.Diagnostics.Take(5)));

            int? Number(Mutant mutant)
            {
                if (broken.Contains(KeyOf(mutant)))
                    return null;
                mutants.Add(mutant with { Number = mutants.Count + 1 });
                return mutants.Count;
            }
        }
    }

    private static (string, int, string) KeyOf(Mutant mutant) => (mutant.File, mutant.Start, mutant.Kind);

    /// <summary>
    /// The innermost mutant around an error; where there is none, those of the member, one of which changed what is known there.
    /// </summary>
    private static IEnumerable<int> Blamed(Diagnostic error)
    {
        if (error.Location.SourceTree is not { } tree)
            return [];
        var node = tree.GetRoot().FindNode(error.Location.SourceSpan);
        foreach (var above in node.AncestorsAndSelf())
            if (Number(above) is { } number)
                return [number];
        var member = node.AncestorsAndSelf().First(above => above is MemberDeclarationSyntax);
        return [.. member.DescendantNodes().Select(Number).OfType<int>()];

        static int? Number(SyntaxNode node) => node.GetAnnotations(Mutator.Mark).FirstOrDefault() is { } mark
            ? int.Parse(mark.Data!, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The library as its project says, generated sources among it.</summary>
    private static CSharpCompilation Compile(string project)
    {
        var generated = Directory.CreateTempSubdirectory("packingkit-generated-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet",
            [
                "build", project, "-c", "Release", "--no-restore", "-t:Rebuild", "-p:RunAnalyzers=false",
                "-p:EmitCompilerGeneratedFiles=true", $"-p:CompilerGeneratedFilesOutputPath={generated}", $"-p:OutDir={generated}/bin/",
                "-getItem:Compile,ReferencePathWithRefAssemblies",
            ])
            {
                RedirectStandardOutput = true,
            };
            using var build = Process.Start(start)!;
            var json = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode != 0)
                throw new InvalidOperationException(json);
            using var items = JsonDocument.Parse(json);
            var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
            var sources = Paths("Compile").Concat(Directory.GetFiles(generated, "*.cs", SearchOption.AllDirectories)).Distinct();
            return CSharpCompilation.Create(
                "PackingKit",
                [.. sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), parsing, path))],
                [.. Paths("ReferencePathWithRefAssemblies").Select(path => MetadataReference.CreateFromFile(path))],
                new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                    nullableContextOptions: NullableContextOptions.Enable, deterministic: true));

            string[] Paths(string item) => [.. items.RootElement.GetProperty("Items").GetProperty(item).EnumerateArray()
                .Select(each => each.GetProperty("FullPath").GetString()!)];
        }
        finally
        {
            Directory.Delete(generated, recursive: true);
        }
    }
}
