using Grpc.Core;
using Grpc.Core.Interceptors;
using Kalisecu.Access;
using Kalisecu.Tenancy;

namespace Kalisecu.Hosting;

/// <summary>Decides who calls and whether they may, before anything else happens; ends streams whose caller is revoked.</summary>
internal sealed class CallerInterceptor(AccessRules rules, CallerIdentification identification, LiveCalls liveCalls)
    : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        await AdmitAsync(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        var caller = await AdmitAsync(context);
        return await liveCalls.RunAsync(caller, context, () => continuation(requestStream, context));
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        var caller = await AdmitAsync(context);
        await liveCalls.RunAsync(
            caller,
            context,
            () => continuation(request, new UncutWriter<TResponse>(responseStream), context)
        );
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        var caller = await AdmitAsync(context);
        await liveCalls.RunAsync(
            caller,
            context,
            () => continuation(requestStream, new UncutWriter<TResponse>(responseStream), context)
        );
    }

    private async ValueTask<Caller> AdmitAsync(ServerCallContext context)
    {
        var rule = rules.For(context.Method);
        var caller = await identification.IdentifyAsync(context);
        // The log of a refused call names who was refused.
        caller.Attach(context);
        rule.Demand(caller.Kind, caller.Person);
        if (rule.FallsToPlatform && CallerIdentification.NamesNoTenant(caller, context))
        {
            caller = caller with { TenantId = TenantScope.Platform };
            caller.Attach(context);
        }
        else if (rule.IsInsideOne)
        {
            await identification.RequireTenantAsync(caller, context);
        }
        else if (caller.TenantId is not null)
        {
            caller = caller with { TenantId = null };
            caller.Attach(context);
        }

        return caller;
    }
}
