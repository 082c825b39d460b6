using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>
/// The way to a tenant's rows: a transaction in which PostgreSQL knows the tenant. Work runs again from its start when the
/// connection breaks, so it must hold all its effects inside the transaction.
/// </summary>
internal sealed class TenantDatabase(IDbContextFactory<KalisecuDb> contexts, NpgsqlDataSource source)
{
    public Task<T> InTenantAsync<T>(
        Guid tenantId,
        Func<KalisecuDb, Task<T>> work,
        CancellationToken cancellationToken
    ) => RunAsync(TenantScope.One(tenantId), work, cancellationToken);

    public Task InTenantAsync(Guid tenantId, Func<KalisecuDb, Task> work, CancellationToken cancellationToken) =>
        InTenantAsync(
            tenantId,
            async db =>
            {
                await work(db);
                return true;
            },
            cancellationToken
        );

    internal async Task<T> RunAsync<T>(
        TenantScope scope,
        Func<KalisecuDb, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var outer = await contexts.CreateDbContextAsync(cancellationToken);
        return await outer
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(
                async cancel =>
                {
                    await using var db = await contexts.CreateDbContextAsync(cancel);
                    db.Bind(scope);
                    await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                    var result = await work(db);
                    await transaction.CommitAsync(cancel);
                    return result;
                },
                cancellationToken
            );
    }

    /// <summary>For statements that the mapper cannot say: an open transaction of this tenant on a raw connection.</summary>
    public Task<TenantConnection> OpenAsync(Guid tenantId, CancellationToken cancellationToken) =>
        OpenAsync(TenantScope.One(tenantId), cancellationToken);

    internal async Task<TenantConnection> OpenAsync(TenantScope scope, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            return await TenantConnection.BeginAsync(connection, scope, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
