using System.CommandLine;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agents.V1;
using Spectre.Console;

namespace Kalisecu.Agent.Commands;

/// <summary><c>sites</c>: what this agent may scan now; <c>status</c>: who it is.</summary>
internal static class SitesCommand
{
    public static Command Create()
    {
        var state = AgentCommand.StateOption();
        var command = new Command("sites", "Lists the sites that this agent may scan now.") { state };
        command.SetAction(
            (arguments, cancellationToken) =>
                AgentCommand.RunAsync(() => ListAsync(StateFolder.Choose(arguments.GetValue(state)), cancellationToken))
        );
        return command;
    }

    public static Command CreateStatus()
    {
        var state = AgentCommand.StateOption();
        var command = new Command("status", "Shows who this agent is, without asking the server.") { state };
        command.SetAction(
            (arguments, _) =>
                AgentCommand.RunAsync(() =>
                {
                    var identity = AgentIdentity.Load(StateFolder.Choose(arguments.GetValue(state)));
                    var grid = new Grid().AddColumns(2);
                    grid.AddRow("Agent", Markup.Escape($"{identity.DisplayName} ({identity.AgentId})"));
                    grid.AddRow("Tenant", identity.TenantId.ToString("D"));
                    grid.AddRow("Server", Markup.Escape(identity.Server.ToString()));
                    grid.AddRow("Certificate until", identity.ExpireTime);
                    grid.AddRow("Renews from", identity.RenewTime);
                    AnsiConsole.Write(grid);
                    return Task.CompletedTask;
                })
        );
        return command;
    }

    private static async Task ListAsync(StateFolder folder, CancellationToken cancellationToken)
    {
        using var channel = await AgentChannel.OpenAsync(folder, cancellationToken);
        var client = new LeaseService.LeaseServiceClient(channel.Channel);
        var table = new Table().AddColumns("Site", "Name", "URL", "Origins");
        var request = new ListLeasableSitesRequest();
        do
        {
            var page = await client.ListLeasableSitesAsync(request, cancellationToken: cancellationToken);
            foreach (var site in page.Sites)
            {
                table.AddRow(
                    new Text(site.SiteId),
                    new Text(site.DisplayName),
                    new Text(site.SiteUrl),
                    new Text(string.Join('\n', site.Origins))
                );
            }

            request.PageToken = page.NextPageToken;
        } while (request.PageToken.Length > 0);

        AnsiConsole.Write(table);
    }
}
