import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AUDIENCE } from './audience.js';

/** Refuses to start the process when a route does not declare its audience. */
@Injectable()
export class AudienceCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error that names every such route */
  onModuleInit(): void {
    const silent = this.discovery.getControllers().flatMap(({ metatype }) => silentRoutes(metatype, this.scanner));
    if (silent.length > 0) {
      throw new Error(`Refusing to start, these routes need @Creator, @Staff or @Public: ${silent.join(', ')}.`);
    }
  }
}

function silentRoutes(controller: unknown, scanner: MetadataScanner): string[] {
  if (typeof controller !== 'function') return [];
  const prototype = controller.prototype as Record<string, () => unknown>;
  return scanner
    .getAllMethodNames(prototype)
    .map((name) => ({ name, method: prototype[name] }))
    .filter(
      ({ method }) =>
        method !== undefined && Reflect.hasMetadata(METHOD_METADATA, method) && !Reflect.hasMetadata(AUDIENCE, method),
    )
    .map(({ name }) => `${controller.name}.${name}`);
}
