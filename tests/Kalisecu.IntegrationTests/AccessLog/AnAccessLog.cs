using Kalisecu.AccessLog;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Testing;
using Npgsql;

namespace Kalisecu.IntegrationTests.AccessLog;

/// <summary>An access log in a database of its own, without a server around it.</summary>
internal sealed class AnAccessLog : IAsyncDisposable
{
    private readonly TestDatabase _database = new();
    private ServiceProvider? _services;

    /// <summary>Long ago: the database, whose clock nobody moves, lets these months expire.</summary>
    public FakeClock Clock { get; } = new(Instant.FromUtc(2019, 11, 29, 23, 0));

    public Guid Tenant { get; } = Guid.Parse("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e5f");

    public AccessLogWriter Writer => Services.GetRequiredService<AccessLogWriter>();

    private ServiceProvider Services => _services ?? throw new InvalidOperationException("not opened");

    public static async Task<AnAccessLog> OpenAsync()
    {
        var log = new AnAccessLog();
        await log._database.InitializeAsync();
        log._services = new ServiceCollection()
            .AddSingleton<IClock>(log.Clock)
            .AddKalisecuDatabase(log._database.Server)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<AccessLogWriter>()
            .AddSingleton<AccessLogVerification>()
            .BuildServiceProvider();
        return log;
    }

    /// <summary>Writes entries one after the other.</summary>
    public async Task WriteAsync(int count, AccessLogWriter? writer = null)
    {
        for (var i = 0; i < count; i++)
        {
            await (writer ?? Writer).AppendAsync(ADraft());
        }
    }

    public AccessLogWriter AnotherWriter() =>
        new(Services.GetRequiredService<NpgsqlDataSource>(), Clock, NullLogger<AccessLogWriter>.Instance);

    public AccessDraft ADraft() =>
        new(
            Tenant,
            Clock.GetCurrentInstant().ToMicroseconds(),
            250,
            "frontend",
            "dashboard",
            Guid.Parse("018f2d3c-5a7b-7c3d-9e1f-0a1b2c3d4e60"),
            "member_owner",
            null,
            "kalisecu.findings.v1.FindingService/GetFinding",
            "finding:018f2d3c-5a7b-8c3d-9e1f-0a1b2c3d4e61",
            AccessOutcome.Allowed,
            ""
        );

    public Task<AccessLogFindings> VerifyAsync() =>
        Services.GetRequiredService<AccessLogVerification>().RunAsync(TestContext.Current.CancellationToken);

    /// <summary>What somebody could do who owns the machine: past row security, past the triggers.</summary>
    public Task<int> TamperAsync(string sql) => RunAsync("set session_replication_role = replica; " + sql);

    public async Task<int> RunAsync(string sql)
    {
        await using var source = _database.OpenSuperuser();
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var source = _database.OpenSuperuser();
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await _database.DisposeAsync();
    }
}
