using Google.Protobuf;
using Grpc.Core;
using Kalisecu.Persistence;

namespace Kalisecu.Tenancy;

/// <summary>What a verb's request names: the entity, and the version of it that the caller read (empty: whichever).</summary>
internal sealed record VerbTarget(string RequestId, Guid Id, string Etag);

/// <summary>The shape of every verb's RPC: one entity as the caller read it, changed, and answered with what it is then.</summary>
internal sealed class VerbCalls<TEntity, TMessage>(
    Calls calls,
    Func<KalisecuDb, VerbTarget, Caller, CancellationToken, Task<TEntity>> find,
    Func<KalisecuDb, TEntity, Caller, CancellationToken, Task<TMessage>> write
)
{
    public Task<TResponse> RunAsync<TResponse>(
        ServerCallContext context,
        IMessage request,
        VerbTarget target,
        Func<KalisecuDb, TEntity, string, Task> change,
        Func<TMessage, TResponse> answer
    )
        where TResponse : IMessage<TResponse>, new()
    {
        var (caller, cancel) = (Caller.Of(context), context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            target.RequestId,
            async db =>
            {
                var entity = await find(db, target, caller, cancel);
                await change(db, entity, caller.Actor);
                return answer(await write(db, entity, caller, cancel));
            }
        );
    }
}
