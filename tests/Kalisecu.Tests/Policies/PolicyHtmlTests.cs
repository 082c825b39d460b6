using Kalisecu.Outbox;
using Kalisecu.Policies;

namespace Kalisecu.Tests.Policies;

public sealed class PolicyHtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("<img src=https://elsewhere.example/p.gif>", "<img")]
    [InlineData("![pixel](https://elsewhere.example/p.gif)", "<img")]
    [InlineData("[x](javascript:alert(1))", "href=\"javascript")]
    [InlineData("[x](data:text/html;base64,AAAA)", "href=\"data")]
    public void Nothing_in_a_text_loads_or_runs(string markdown, string absent) =>
        Assert.DoesNotContain(absent, PolicyHtml.Of("Policy", markdown, Language.En), StringComparison.Ordinal);

    [Fact]
    public void A_title_is_text() =>
        Assert.Contains(
            "<title>a &lt;b&gt;</title>",
            PolicyHtml.Of("a <b>", "text", Language.Fr),
            StringComparison.Ordinal
        );

    [Fact]
    public void Headings_tables_and_honest_links_are_shown()
    {
        const string markdown =
            "# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[mail](mailto:a@b.example) <https://b.example/>";

        var html = PolicyHtml.Of("Policy", markdown, Language.En);

        Assert.True(PolicyHtml.IsTame(markdown));
        Assert.Contains("<h1>Title</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<td>2</td>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"mailto:a@b.example\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://b.example/\"", html, StringComparison.Ordinal);
    }
}
