using Kalisecu.DeliveryWorker;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Microsoft.Extensions.Hosting;

return await WorkerProgram.RunAsync(args, Worker.Delivery, Modules.All, builder => builder.Services.AddSystemd());
