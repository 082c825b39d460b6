using System.Data.Common;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>Names the tenant to PostgreSQL at the start of every transaction, for that transaction only.</summary>
internal sealed class TenantTransactions : DbTransactionInterceptor
{
    public static readonly TenantTransactions Instance = new();

    public override DbTransaction TransactionStarted(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result
    )
    {
        using var command = NameTenant(result, eventData.Context);
        command.ExecuteNonQuery();
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result,
        CancellationToken cancellationToken = default
    )
    {
        await using var command = NameTenant(result, eventData.Context);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return result;
    }

    private static NpgsqlCommand NameTenant(DbTransaction transaction, DbContext? context)
    {
        var scope =
            (context as KalisecuDb)?.Scope ?? throw new InvalidOperationException("A transaction without a tenant.");
        var command = new NpgsqlCommand(TenantSql.NameTenant, (NpgsqlConnection)transaction.Connection!)
        {
            Transaction = (NpgsqlTransaction)transaction,
        };
        TenantSql.AddScope(command.Parameters, scope);
        return command;
    }
}

/// <summary>Refuses every command outside a transaction: it would run without a tenant, and silently see nothing.</summary>
internal sealed class TransactionGuard : DbCommandInterceptor
{
    public static readonly TransactionGuard Instance = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    ) => Guard(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Guard(command, result));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    ) => Guard(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Guard(command, result));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result
    ) => Guard(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Guard(command, result));

    private static InterceptionResult<T> Guard<T>(DbCommand command, InterceptionResult<T> result) =>
        command.Transaction is null
            ? throw new InvalidOperationException("A database command outside a tenant transaction.")
            : result;
}
