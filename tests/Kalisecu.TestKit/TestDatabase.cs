using Kalisecu.Persistence;
using Npgsql;
using Xunit;

namespace Kalisecu.TestKit;

/// <summary>A migrated database of its own for a test class: <c>IClassFixture&lt;TestDatabase&gt;</c>.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private TestPostgres? _postgres;
    private NpgsqlDataSource? _source;

    /// <summary>On a PostgreSQL of its own that waits for its disk as in production: for measurements.</summary>
    internal bool IsDurable { get; init; }

    public string Name { get; private set; } = "";

    /// <summary>Sees and may do everything, row security included; for looking behind the scenes.</summary>
    public string Superuser => Postgres.SuperuserConnection(Name);

    /// <summary>A source of superuser connections that speaks NodaTime; not pooled, so that the database can be dropped.</summary>
    internal NpgsqlDataSource OpenSuperuser()
    {
        var builder = new NpgsqlDataSourceBuilder(Superuser + ";Pooling=false");
        builder.UseNodaTime();
        return builder.Build();
    }

    /// <summary>The same for many short statements, pooled; closed with the fixture.</summary>
    internal NpgsqlDataSource SuperuserSource => _source ??= MakeSource();

    /// <summary>Owns the tables; row security holds for it too.</summary>
    public string Owner => Connection(DatabaseRoles.Owner);

    public string Server => Connection(DatabaseRoles.Server);

    private NpgsqlDataSource MakeSource()
    {
        var builder = new NpgsqlDataSourceBuilder(Superuser + ";Maximum Pool Size=4");
        builder.UseNodaTime();
        return builder.Build();
    }

    private TestPostgres Postgres =>
        _postgres ?? throw new InvalidOperationException("the fixture is used before the runner initialised it");

    /// <summary>How one of <c>DatabaseRoles</c> connects.</summary>
    public string Connection(string role) => Postgres.Connection(role, Name);

    public async ValueTask InitializeAsync()
    {
        _postgres = IsDurable
            ? await TestPostgres.StartAsync(durable: true, CancellationToken.None)
            : await TestPostgres.ForRunAsync();
        Name = await _postgres.CreateDatabaseAsync(CancellationToken.None);
    }

    /// <summary>Becomes a copy of another one, whose connections are closed for it.</summary>
    internal async Task InitializeCopyAsync(TestDatabase original)
    {
        original._source?.Clear();
        _postgres = await TestPostgres.ForRunAsync();
        Name = await _postgres.CopyDatabaseAsync(original.Name, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DropDatabaseAsync(Name, CancellationToken.None);
            if (IsDurable)
            {
                await _postgres.DisposeAsync();
            }
        }
    }
}
