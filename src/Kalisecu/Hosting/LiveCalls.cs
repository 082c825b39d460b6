using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Errors;
using Kalisecu.Tenancy;

namespace Kalisecu.Hosting;

/// <summary>Streams that are open: each ends with a reason as soon as its caller's agent or session is revoked.</summary>
internal sealed class LiveCalls(Revocations revocations)
{
    // What a handler gets to roll back before its stream is answered over its head.
    private static readonly TimeSpan RollBackWithin = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Caller caller, ServerCallContext context, Func<Task> call) =>
        await RunAsync(
            caller,
            context,
            async () =>
            {
                await call();
                return true;
            }
        );

    public async Task<T> RunAsync<T>(Caller caller, ServerCallContext context, Func<Task<T>> call)
    {
        var http = context.GetHttpContext();
        var revoked = new TaskCompletionSource<Refusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var watches = Watch(caller).Select(w => w.Token.Register(() => revoked.TrySetResult(w.Refusal))).ToList();
        try
        {
            http.RequestAborted = ended.Token;
            var running = call();
            if (await Task.WhenAny(running, revoked.Task) == running)
            {
                return await running;
            }

            await ended.CancelAsync();
            await Task.WhenAny(running, Task.Delay(RollBackWithin, CancellationToken.None));
            // What the handler throws now is the effect of the revocation, not news.
            _ = running.ContinueWith(
                static t => t.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
            throw await revoked.Task;
        }
        finally
        {
            watches.ForEach(w => w.Dispose());
        }
    }

    private IEnumerable<(CancellationToken Token, Refusal Refusal)> Watch(Caller caller)
    {
        if (caller.AgentId is { } agent)
        {
            yield return (revocations.Watch(Revocations.Agent(agent)), AccessErrors.AgentRevoked());
        }

        if (caller.Person is { } person)
        {
            yield return (revocations.Watch(Revocations.Session(person.SessionId)), AccessErrors.SessionNotValid());
            yield return (
                revocations.Watch(Revocations.PersonSessions(person.PersonId)),
                AccessErrors.SessionNotValid()
            );
        }
    }
}
