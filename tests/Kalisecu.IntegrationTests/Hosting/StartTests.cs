using Kalisecu.Findings;
using Kalisecu.Hosting;
using Kalisecu.Server;
using Kalisecu.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kalisecu.IntegrationTests.Hosting;

/// <summary>Servers that lack something.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthorities _authorities = new();

    public void Dispose()
    {
        _authorities.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_method_without_a_rule_stops_the_start()
    {
        // The findings' methods are mapped, their contracts with their rules are left out.
        var bare = FindingsModule.Capability with
        {
            Contracts = [],
        };

        var problem = Assert.Throws<InvalidOperationException>(() =>
            Build([.. Capabilities.All.Except([FindingsModule.Capability]), bare])
        );

        Assert.Contains("FindingService/GetFinding", problem.Message, StringComparison.Ordinal);
    }

    private WebApplication Build(IReadOnlyList<Capability> capabilities)
    {
        // Nobody listens there.
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = Kalisecu.Cli.OneMachine.Ports.Free(),
            Database = "kalisecu",
            Username = "kalisecu_server",
            Password = "none",
        };
        var settings = TestSettings.Write(_folder, _authorities, database.ConnectionString);
        return ServerHost.Build(settings, capabilities, builder => builder.Logging.ClearProviders());
    }
}
