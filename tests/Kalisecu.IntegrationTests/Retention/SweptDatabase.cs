using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Retention;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Npgsql;

namespace Kalisecu.IntegrationTests.Retention;

/// <summary>A database with a retention worker in its own role, and rows that stand in it by SQL.</summary>
internal sealed class SweptDatabase : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _services;

    public SweptDatabase(TestDatabase database, Instant now)
    {
        Database = database;
        Clock = new FakeClock(now);
        KeyFolder.CreateKeyEncryptionKey(_folder["kek.key"]);
        _services = Worker();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TestDatabase Database { get; }

    public FakeClock Clock { get; }

    public LogKeeper Logs { get; } = new();

    public KeyRing Keys => Get<KeyRing>();

    public ObjectFolder Objects => Get<ObjectFolder>();

    public string ObjectsFolder => _folder["objects"];

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A worker process of its own on the same database.</summary>
    public ServiceProvider Worker(string role = DatabaseRoles.Retention)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IClock>(Clock);
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Logs));
        services.AddKalisecuDatabase(Database.Connection(role));
        services.AddKeys(_folder["keys"], _folder["kek.key"]);
        services.AddObjects(_folder["objects"]);
        services.AddLetters(new ControllerProfile());
        services.AddSingleton<EvidenceLog>();
        services.AddSingleton<LetterBox>();
        services.AddPersons();
        services.AddSweeps();
        services.AddTransient<SweepJob>();
        services.AddTransient<AnnounceDeletions>();
        return services.BuildServiceProvider();
    }

    public Task<JobRun> SweepAsync() => SweepAsync(_services);

    public JobRun NewRun() => new(NewId(), SweepJob.Name, null, isRecovery: false);

    public async Task<JobRun> SweepAsync(IServiceProvider worker)
    {
        var run = NewRun();
        var outcome = await worker.GetRequiredService<SweepJob>().RunAsync(run, Cancel);
        Assert.Empty(Logs.Unannounced());
        Assert.Null(outcome.Problem);
        return run;
    }

    public async Task<Guid> ClosedTenantAsync(Instant closed)
    {
        var tenant = Ids.New(Clock.GetCurrentInstant());
        await RunAsync(
            """
            insert into tenants (tenant_id, display_name, slug, plan, language, state, create_time, close_time)
            values ($1, 'Client', $2, 'Surveillance', 'Fr', 'Closed', $3, $4)
            """,
            tenant,
            $"client-{tenant:N}",
            closed - Duration.FromDays(400),
            closed
        );
        return tenant;
    }

    public Guid NewId() => Ids.New(Clock.GetCurrentInstant());

    public async Task<Guid> SessionAsync(Guid tenant, Instant ended, Guid? person = null)
    {
        var session = NewId();
        await RunAsync(
            """
            insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time,
                use_time, expire_time)
            values ($1, $2, sha256($3::text::bytea), $4, 'MemberReader', true, 'dashboard', $5, $5, $5)
            """,
            tenant,
            session,
            session.ToString("D"),
            person ?? NewId(),
            ended
        );
        return session;
    }

    public async Task<Guid> HoldAsync(
        Guid tenant,
        Guid? person = null,
        string? rule = null,
        string? row = null,
        Instant? placed = null
    )
    {
        var hold = NewId();
        await RunAsync(
            """
            insert into legal_holds (hold_id, held_tenant_id, person_id, rule, row_key, owner_id, article, reference, review_date,
                place_time, place_actor)
            values ($1, $2, $3, $4, $5, $1, 'GDPR art. 17(3)(e)', 'RG 26/0001', date '2030-01-01', $6, 'staff:test')
            """,
            hold,
            tenant,
            person is { } held ? held : DBNull.Value,
            (object?)rule ?? DBNull.Value,
            (object?)row ?? DBNull.Value,
            placed ?? Clock.GetCurrentInstant()
        );
        return hold;
    }

    public async Task<int> RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<T> AskAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async Task<List<string>> ListAsync(string sql)
    {
        await using var command = Database.SuperuserSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var found = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Database.SuperuserSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }
}
