using Grpc.Core;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

internal sealed class PushService(IngestScan ingest, PushSlots slots) : PushContract.PushServiceBase
{
    public override async Task PushScan(
        IAsyncStreamReader<PushMessage> requestStream,
        IServerStreamWriter<V1.PushScanResponse> responseStream,
        ServerCallContext context
    )
    {
        var caller = Caller.Of(context);
        using var turn = await slots.EnterAsync(caller.Agent, context.CancellationToken);
        await ingest.RunAsync(caller, requestStream, responseStream, context.CancellationToken);
    }
}
