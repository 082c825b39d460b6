using Grpc.Core;
using Kalisecu.Tenancy;

namespace Kalisecu.Findings;

internal sealed class PushService(IngestScan ingest) : PushContract.PushServiceBase
{
    public override Task PushScan(
        IAsyncStreamReader<PushMessage> requestStream,
        IServerStreamWriter<V1.PushScanResponse> responseStream,
        ServerCallContext context
    ) => ingest.RunAsync(Caller.Of(context), requestStream, responseStream, context.CancellationToken);
}
