using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>A raw connection inside one tenant's transaction. Disposing it without a commit rolls back.</summary>
internal sealed class TenantConnection : IAsyncDisposable
{
    private NpgsqlTransaction _transaction;
    private readonly TenantScope _scope;

    private TenantConnection(NpgsqlConnection connection, NpgsqlTransaction transaction, TenantScope scope)
    {
        Connection = connection;
        _transaction = transaction;
        _scope = scope;
    }

    public NpgsqlConnection Connection { get; }

    public Guid TenantId =>
        _scope.TenantId ?? throw new InvalidOperationException("This connection serves all tenants.");

    public NpgsqlCommand Command(string sql) => new(sql, Connection, _transaction);

    public NpgsqlBatch Batch() => new(Connection, _transaction);

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    /// <summary>Starts the next transaction of the same tenant on the same connection, after a commit.</summary>
    public async Task BeginAgainAsync(CancellationToken cancellationToken)
    {
        await _transaction.DisposeAsync();
        _transaction = await Connection.BeginTransactionAsync(cancellationToken);
        await NameTenantAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    internal static async Task<TenantConnection> BeginAsync(
        NpgsqlConnection connection,
        TenantScope scope,
        CancellationToken cancellationToken
    )
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tenant = new TenantConnection(connection, transaction, scope);
        await tenant.NameTenantAsync(cancellationToken);
        return tenant;
    }

    private async Task NameTenantAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(TenantSql.NameTenant);
        TenantSql.AddScope(command.Parameters, _scope);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
