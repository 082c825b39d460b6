using Google.Rpc;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;

namespace Kalisecu.IntegrationTests.Agents;

/// <summary>Reads the reason of a refusal as a client does.</summary>
internal static class Reasons
{
    public static ErrorReason Of(RpcException refused)
    {
        var name = refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
        return Enum.GetValues<ErrorReason>()
            .SingleOrDefault(r => string.Equals(RefusalStatus.ReasonName(r), name, StringComparison.Ordinal));
    }
}
