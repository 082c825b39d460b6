using Kalisecu.Consent;
using Kalisecu.Deliveries;
using Kalisecu.Jobs;
using Kalisecu.PrivacyRequests;

namespace Kalisecu.DeliveryWorker;

/// <summary>Whose jobs this process offers.</summary>
internal static class Modules
{
    public static IReadOnlyList<WorkerJobs> All { get; } =
    [DeliveriesModule.Delivery, JobsModule.Delivery, ConsentModule.Jobs, PrivacyRequestsModule.Jobs];
}
