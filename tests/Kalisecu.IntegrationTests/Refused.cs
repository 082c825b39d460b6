using Grpc.Core;
using Kalisecu.Errors.V1;

namespace Kalisecu.IntegrationTests;

/// <summary>Asserts what a client learns of a refusal: its reason, not its words.</summary>
internal static class Refused
{
    public static async Task<RpcException> WithAsync(ErrorReason reason, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        var info = refusal.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>();
        var name = "ERROR_REASON_" + info?.Reason;
        Assert.Equal(reason, ErrorReasonOf(name));
        return refusal;
    }

    private static ErrorReason ErrorReasonOf(string name)
    {
        var value = ErrorReasonReflection.Descriptor.EnumTypes[0].FindValueByName(name);
        return value is null ? ErrorReason.Unspecified : (ErrorReason)value.Number;
    }
}
