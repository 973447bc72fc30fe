import 'reflect-metadata';
import { Controller, Get, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AudienceCheck } from './audience.check.js';
import { Creator, Public, Staff } from './audience.js';

@Controller('declared')
class Declared {
  @Get()
  @Public('anyone may look')
  look() {}

  @Post()
  @Creator('self')
  change() {}

  @Post('staff')
  @Staff('tenants:read')
  administer() {}

  helper() {}
}

@Controller('forgotten')
class Forgotten extends Declared {
  @Get('more')
  lookCloser() {}
}

const start = async (...controllers: (typeof Declared)[]) => {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers,
    providers: [AudienceCheck],
  }).compile();
  await module.init();
};

describe('a process', () => {
  it('starts when every route declares its audience', async () => {
    await expect(start(Declared)).resolves.toBeUndefined();
  });

  it('does not start when a route declares no audience', async () => {
    await expect(start(Declared, Forgotten)).rejects.toThrow('@Creator, @Staff or @Public: Forgotten.lookCloser.');
  });
});
