using Grpc.Core;
using Kalisecu.Cli;
using Kalisecu.Cli.Commands;

namespace Kalisecu.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("up --data d --port 0 --detach")]
    [InlineData("status --json")]
    [InlineData("logs postgres -f -n 10")]
    [InlineData("certs issue frontend dashboard --out d")]
    [InlineData("completion bash")]
    [InlineData("findings list --severity high critical --state open --limit 0")]
    [InlineData(
        "authorisations upload a.pdf --site s --signer a --signer-email b --signer-function c --end 2027-06-30"
    )]
    [InlineData("privacy-requests receive --channel paper --received 2026-01-31 --right access erasure --address a")]
    [InlineData("privacy-requests list --state awaiting-identity --overdue --json")]
    [InlineData("staff create --email a@b.fr --name A --role administrator --tenant t")]
    public void A_right_command_line_is_understood(string line) =>
        Assert.Empty(KalisecuCommand.Create().Parse(line).Errors);

    [Theory]
    [InlineData("fly")]
    [InlineData("up --port 65535")]
    [InlineData("up --port -1")]
    [InlineData("logs mailer")]
    [InlineData("certs issue agent a --out d")]
    [InlineData("certs issue frontend dashboard")]
    [InlineData("completion fish")]
    [InlineData("findings list --severity horrible")]
    [InlineData("findings list --limit -1")]
    [InlineData("access-log list --from yesterday")]
    [InlineData("scans create --site s --tool zap --option =1")]
    [InlineData("sites credentials set s --name n --secret hunter2")]
    [InlineData("reports export r --format docx")]
    [InlineData("privacy-requests receive --channel session --received 2026-01-31 --right access --email a@b.fr")]
    [InlineData("privacy-requests refuse r --right everything --reasons because")]
    public void A_wrong_command_line_is_told(string line) =>
        Assert.NotEmpty(KalisecuCommand.Create().Parse(line).Errors);

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 1)]
    [InlineData(StatusCode.FailedPrecondition, 1)]
    [InlineData(StatusCode.NotFound, 3)]
    [InlineData(StatusCode.PermissionDenied, 4)]
    [InlineData(StatusCode.Unauthenticated, 4)]
    [InlineData(StatusCode.Unavailable, 69)]
    [InlineData(StatusCode.Internal, 70)]
    public void An_exit_code_says_who_can_help(StatusCode status, int code) => Assert.Equal(code, ExitCodes.Of(status));

    [Fact]
    public void A_program_gets_one_object_a_line_and_no_sentence()
    {
        using var results = new StringWriter();
        var output = new Output(json: true, results, TextWriter.Null);

        output.Say("Two numbers:");
        output.Rows([new { SiteId = 1 }, new { SiteId = 2 }], []);

        Assert.Equal("{\"site_id\":1}\n{\"site_id\":2}\n", results.ToString());
    }
}
