using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>No page leads to nowhere, and every page is found from the index and from the site's list of pages.</summary>
public partial class LinkTests
{
    [Theory, MemberData(nameof(CodeBlockTests.Pages), MemberType = typeof(CodeBlockTests))]
    public void Every_link_to_a_file_leads_to_one(string page) =>
        Assert.All(Links(page), target => Assert.True(Path.Exists(target), $"{page} links to {target}"));

    /// <summary>The page of a package is shown where there is no repository around it.</summary>
    [Theory, MemberData(nameof(CodeBlockTests.PackageReadmes), MemberType = typeof(CodeBlockTests))]
    public void A_readme_of_a_package_links_to_no_file(string readme) => Assert.Empty(Links(readme));

    [Theory, MemberData(nameof(CodeBlockTests.Pages), MemberType = typeof(CodeBlockTests))]
    public void Every_page_is_linked_from_the_index(string page)
    {
        string[] reached =
            [Repository.PathOf("README.md"), Repository.PathOf("docs", "README.md"), Repository.PathOf("docs", "site", "index.md"),
                Repository.PathOf("docs", "strategies", "TEMPLATE.md")];
        Assert.Contains(Repository.PathOf(page), reached.Concat(Links(Path.Combine("docs", "README.md"))));
    }

    [Fact]
    public void The_site_lists_what_the_index_links()
    {
        var folder = Repository.PathOf("docs");
        var listed = File.ReadLines(Path.Combine(folder, "toc.yml")).Select(line => line.Trim().Split("href: "))
            .Where(line => line.Length == 2).Select(line => Path.GetFullPath(Path.Combine(folder, line[1]))).ToArray();
        Assert.Distinct(listed);
        Assert.Empty(Links(Path.Combine("docs", "README.md")).Except(listed));
    }

    private static IEnumerable<string> Links(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Repository.PathOf(page))))
            if (!link.Groups[1].Value.Contains("://", StringComparison.Ordinal))
                yield return Path.GetFullPath(Path.Combine(folder, link.Groups[1].Value));
    }

    /// <summary>The target of [text](target), without what follows a #.</summary>
    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
