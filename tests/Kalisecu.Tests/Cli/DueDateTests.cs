using Kalisecu.Cli;
using Kalisecu.Cli.Commands;

namespace Kalisecu.Tests.Cli;

public sealed class DueDateTests
{
    [Fact]
    public async Task A_program_gets_one_object_a_date()
    {
        var (code, results, _) = await Run("2026-01-31 2026-10-01 --json", "");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(
            """
            {"received":"2026-01-31","due":"2026-03-02","extended_due":"2026-04-30"}
            {"received":"2026-10-01","due":"2026-11-02","extended_due":"2027-01-04"}

            """.ReplaceLineEndings("\n"),
            results
        );
    }

    [Fact]
    public async Task Dates_come_one_a_line_from_standard_input()
    {
        var (code, results, _) = await Run("--json", "2026-02-10\r\n\n 2026-04-14 \n");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(2, results.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"due\":\"2026-05-15\"", results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_gets_a_table()
    {
        var (_, results, _) = await Run("2026-02-10", "");

        Assert.Contains("extended due", results, StringComparison.Ordinal);
        Assert.Contains("2026-03-10", results, StringComparison.Ordinal);
        Assert.DoesNotContain("{", results, StringComparison.Ordinal);
    }

    // Good Friday of 2026 is 3 April.
    [Fact]
    public async Task Alsace_Moselle_has_its_own_holidays()
    {
        var (_, results, _) = await Run("2026-03-03 --alsace-moselle --json", "");
        var (_, elsewhere, _) = await Run("2026-03-03 --json", "");

        Assert.Contains("\"due\":\"2026-04-07\"", results, StringComparison.Ordinal);
        Assert.Contains("\"due\":\"2026-04-03\"", elsewhere, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-02-30", "'2026-02-30' is no date")]
    [InlineData("31/01/2026", "'31/01/2026' is no date")]
    [InlineData("tomorrow", "'tomorrow' is no date")]
    [InlineData("2018-05-24", "no day on which a request can have come")]
    [InlineData("0001-01-01", "no day on which a request can have come")]
    [InlineData("9999-12-31", "no day on which a request can have come")]
    public async Task A_date_that_cannot_be_is_told(string date, string problem)
    {
        var (code, results, messages) = await Run(date + " --json", "");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(results);
        Assert.Contains(problem, messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_line_is_named_by_its_number()
    {
        var (code, _, messages) = await Run("--json", "2026-01-31\n\n2026-13-01\n");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("line 3: '2026-13-01' is no date", messages, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Results, string Messages)> Run(string arguments, string input)
    {
        await using var results = new StringWriter();
        await using var messages = new StringWriter();
        using var reader = new StringReader(input);
        var code = await KalisecuCommand
            .Create()
            .Parse("privacy-requests due-date " + arguments)
            .InvokeAsync(
                new Terminal
                {
                    Results = results,
                    Messages = messages,
                    Input = reader,
                    CanAsk = false,
                },
                TestContext.Current.CancellationToken
            );
        return (code, results.ToString(), messages.ToString());
    }
}
