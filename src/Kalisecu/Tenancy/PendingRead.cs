using Npgsql;

namespace Kalisecu.Tenancy;

/// <summary>One read that waits for its trip.</summary>
internal abstract class PendingRead(
    TenantScope scope,
    string sql,
    NpgsqlParameter[] parameters,
    CancellationToken cancellation
)
{
    public TenantScope Scope { get; } = scope;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    public abstract bool IsDone { get; }

    public NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            // A parameter belongs to one command at a time; a second try needs its own.
            command.Parameters.Add(parameter.Collection is null ? parameter : parameter.Clone());
        }

        return command;
    }

    public abstract Task TakeAsync(NpgsqlDataReader reader);

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingRead<T>(
    TenantScope scope,
    string sql,
    NpgsqlParameter[] parameters,
    Func<NpgsqlDataReader, T> read,
    CancellationToken cancellation
) : PendingRead(scope, sql, parameters, cancellation)
    where T : class
{
    // Continuations must not run on the worker that serves everybody else.
    private readonly TaskCompletionSource<T?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T?> Result => _result.Task;

    public override bool IsDone => _result.Task.IsCompleted;

    public override async Task TakeAsync(NpgsqlDataReader reader) =>
        _result.TrySetResult(await reader.ReadAsync() ? read(reader) : null);

    public override void Fail(Exception exception) => _result.TrySetException(exception);
}
